r"""The rules by which `furniture` knows page furniture: one named rule per kind, matched against a whole line.

A pattern describes the line from end to end, so a sentence that merely begins like a button ("Share prices fell.") does
not match. What a rule may do is its scope: a line that no article would hold goes wherever it stands, a word that could
be a subheading goes only where its surroundings speak for it. When in doubt a rule leaves the line.

Patterns ignore case and see lines of at most MAX_LINE characters. A line meets only the rules that can begin with its
first word, which `furniture` reads off the pattern, or whose `needle` it holds; prose meets hardly any. A pattern
without a needle therefore begins with a literal word, `\d`, or a group of such, after an optional bracket.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

# The longest furniture in sight is an appeal for donations or a caption with its credits.
MAX_LINE = 700


class Scope(Enum):
    """Where a line that matches is furniture."""

    ANYWHERE = "wherever it stands"
    ALONE = "where it is a paragraph of its own, and wherever EDGE holds"
    EDGE = "at the start or end of the article, furniture aside, and wherever NEIGHBOUR holds"
    NEIGHBOUR = "next to other furniture, blank lines aside"


class Rule(NamedTuple):
    """One kind of furniture.

    `pattern` matches the whole line. `needle` is a phrase, lower case, that each such line holds; without one the rule
    is found by first words. `lists` says that headlines after the line are furniture too.
    """

    name: str
    scope: Scope
    pattern: str
    needle: str = ""
    lists: bool = False


def _pattern(lines: str) -> str:
    """One pattern from its lines, whose indentation and breaks mean nothing."""
    return "".join([line.strip() for line in lines.splitlines()])


def _anywhere(name: str, pattern: str, *, lists: bool = False) -> Rule:
    return Rule(name, Scope.ANYWHERE, _pattern(pattern), lists=lists)


def _alone(name: str, pattern: str) -> Rule:
    return Rule(name, Scope.ALONE, _pattern(pattern))


def _edge(name: str, pattern: str, *, lists: bool = False) -> Rule:
    return Rule(name, Scope.EDGE, _pattern(pattern), lists=lists)


def _phrase(name: str, needle: str, pattern: str) -> Rule:
    """A rule for any place, found by a phrase."""
    return Rule(name, Scope.ANYWHERE, _pattern(pattern), needle)


# A place to share to; the words after it are buttons only beside such a place.
_NET = (
    r"(?:facebook|twitter|email|e-mail|whatsapp|linkedin|linked in|pinterest|reddit|telegram|messenger|tumblr|flipboard"
    r"|instagram|youtube|google\+|google plus|bluesky|mastodon|threads|pocket|snapchat|tiktok|rss|sms|copy link)"
)
_BUTTON = rf"(?:{_NET}|share|tweet|print|pin it|pin|post|save|mail|more|like|comments?|x|link)"
_PIECE = r"(?:article|story|post|page|video|link|image|photo|gallery|column|podcast|episode|item|news)"
_MAIL = r"(?:newsletters?|in-?box(?:es)?|e-?mails?|alerts?|briefings?|digest|bulletin|tip ?sheet|podcasts?|updates|dispatch)"
_AGENCY = (
    r"(?:getty(?: images)?|getty contributor|ap(?: photo| images)?|(?:the )?associated press|reuters|afp|epa|upi|npr|cnn"
    r"|bloomberg|landov|shutterstock|redux|corbis|newscom|xinhua|zuma(?: press)?|pool|istock|istockphoto|alamy"
    r"|dreamstime|unsplash|pixabay|flickr|the new york times|the washington post)"
)
_YEAR = r"(?:19|20)\d\d"
_NAME = r"[^\s/.!?:;()][^/!?:;()]{1,50}"  # as credits have it, commas and initials included
_MORE = r"[ .:…»›→>]{0,4}"

SHARING = (
    _alone("share_button", r"share[.!:]?|tweet[.!:]?|retweet|pin it|whatsapp|copy link"),
    _edge("share_button", rf"{_NET}[.:]?|print|save|pin|like"),
    _anywhere("share_bar", rf"{_NET}(?:[ |/•·]{{1,3}}{_BUTTON}){{1,15}}"),
    _anywhere("share_bar", rf"(?:share|tweet|print|save)(?:[ |/•·]{{1,3}}{_BUTTON}){{1,15}}"),
    _anywhere("share_bar", r"facebook twitter pinterest .{1,500}"),
    _anywhere(
        "share_prompt",
        rf"""
        share (?:this|the)(?: {_PIECE})?(?: (?:on|via|with|by) (?:{_NET}|x|friends
        |others))?[.!:]?(?: {_BUTTON}){{0,15}}|listen to article .{{0,10}}share this article(?: {_BUTTON}){{0,15}}
        |share (?:on|via|to|by) (?:{_NET}|x)\b[.!]?|share all sharing options for: .{{1,200}}|share link
        |share your thoughts
        |click to (?:share|email|print) .{{0,60}}\(opens in new window\)|email this(?: (?:article|story|page
        |to a friend))?
        |print this(?: {_PIECE})?|link copied[.!]?|print (?:article|page|story)|send this (?:article|story
        |page) to a friend|read or share this story: ?\S{{5,200}}
    """,
    ),
    _anywhere(
        "share_count",
        r"""
        \d[\d.,]{0,9}k?(?: (?:shares?|tweets?|retweets?|likes?|pins?|reactions?)(?: \d[\d.,]{0,9}k?)?){1,4}
        |shares? ?[(:]?\d[\d.,]{0,9}k?\)?
    """,
    ),
    _anywhere(
        "follow",
        rf"""
        follow @\w{{2,30}}(?: ?follow @\w{{2,30}}){{0,6}}(?: on (?:twitter|x|instagram))?[.!]?
        |(?:please )?follow (?:[^\s.!?]{{1,30}} ){{0,8}}on (?:{_NET}|x)\b.{{0,160}}|follow us[.!:]?
        |- follow the .{{2,40}} on {_NET}:? ?@\w{{2,30}}[.]?|(?:like|find|join) us on {_NET}\b.{{0,100}}
        |follow (?:[^\s.!?]{{1,30}} ){{0,6}}coverage (?:of .{{3,80}} )?at:? https?://.{{4,200}}
    """,
    ),
)

READING = (
    _anywhere("mobile_version", r"exit mobile version|view (?:the )?(?:full|desktop) (?:site|version)"),
    _anywhere(
        "read_more",
        r"""
        read more ?: ?\S.{3,160}|read more (?:from|about|on|at|here|in|by|of)\b.{0,140}|read the more[.»>→…]{1,4}
        |read the (?:full|rest|entire|whole|complete|original)\b.{0,100}\bhere[.»!]{0,3}|read (?:it )?here[.!]?
        |read the (?:full|rest of the|entire|whole|complete|original) (?:story|article|post|piece|column)(?: (?:at
        |on|in) .{1,60})?[.»]?
    """,
    ),
    _anywhere(
        "continue",
        rf"""
        continue reading(?: (?:the main story|below|here|this story|at .{{1,60}}))?{_MORE}|continued below{_MORE}
        |(?:story|article) continues?d?(?: below| after)?(?: (?:this |the )?(?:ad|advertisement|video
        |gallery))?{_MORE}|(?:scroll|scroll down) (?:to continue|for more)(?: reading)?[.:]?|keep reading
        |to (?:continue|keep) reading\b.{{0,160}}\b(?:click|subscribe|log in|sign in|sign up|register)\b.{{0,80}}
    """,
    ),
    _anywhere(
        "click",
        r"""
        \(?click here\b.{0,200}|click for (?:more|the|full|complete)\b.{0,100}|click on the fox news app
        |click to enlarge[.]?|click to (?:get|view|read|watch|see|hear|play|expand|listen|tweet|subscribe)\b.{0,120}
    """,
    ),
    _phrase("click", "click here", r"[^.!]{3,100}[?,—–:-] ?click here(?: now)?[.!»]{0,3}"),
    _phrase("poll", "? vote ", r".{5,140}\? vote (?:now|here now|here|in urgent poll|now in urgent poll)[.!]?"),
    _anywhere(
        "related_link",
        r"""
        related(?: (?:article|story|stories|video|link|coverage|reading|content|news))? ?: ?\S.{4,170}
        |see (?:also|related|more) ?: ?\S.{4,170}|also (?:see|read|on [^:]{2,30}) ?: ?\S.{4,170}|more ?: ?\S.{4,170}
        |read(?: also| next| this)? ?: ?\S.{4,170}|(?:now watch|watch|listen)(?: live| now| also)? ?: ?\S.{4,170}
        |(?:recommended|don['’]t miss|must[- ]read|photos|videos?|slideshow|gallery|podcast|quiz) ?: ?\S.{4,140}
        |(?:special|full) coverage ?: ?\S.{4,140}
    """,
    ),
    _anywhere(
        "bracketed_link",
        r"""
        \( ?also on [^():]{2,30}: ?[^()]{3,150}\)|\( (?:see|full|understanding|politico|sign up|follow|watch|read
        |poll)\b.{3,150}\)|\( ?(?:photos|video|watch|listen|read(?: more| also)?|see(?: also| results| more)?
        |more(?: on [^():]{2,30})?|related|podcast|quiz|cartoons|poll|timeline) ?: ?[^()]{3,150}\)
        |\[(?:read|see|watch|sign up|get|follow|listen|click|subscribe|related)\b[^\[\]]{3,200}\][.]?
    """,
    ),
    _anywhere(
        "related_heading",
        rf"""
        related (?:articles?|stories|content|links?|coverage|posts?|news|reading|videos?){_MORE}
        |(?:related|recommended|popular|trending|don['’]t miss|go deeper|up next|read next|more) ?:
        |recommended (?:stories|reading|for you|articles|videos){_MORE}|more on this(?: story| topic)?{_MORE}
        |read more{_MORE}|see (?:also|related){_MORE}|also (?:see|read){_MORE}|further reading{_MORE}
        |more (?:news|stories|headlines|coverage){_MORE}|you (?:may|might) (?:also )?(?:like|be interested in
        |enjoy)(?: this)?{_MORE}
        |most (?:read|popular|viewed|shared|commented|watched)(?: stories| articles| news| now| today)?{_MORE}
        |trending (?:now|stories|topics|news){_MORE}|editor['’]?s['’]? picks{_MORE}|what to read next{_MORE}
        |(?:around the web|from around the web|promoted stories|read more from .{{2,40}}:){_MORE}
    """,
        lists=True,
    ),
    _edge(
        "related_heading",
        r"""
        related|recommended|popular|popular now|trending|don['’]t miss|go deeper|up next|read next|top stories
        |must[- ]reads?
        |latest (?:news|stories|headlines)|more(?: (?:from|on|in|about) [^.!?:]{2,50})?|suggested(?: reading
        | stories)?
    """,
        lists=True,
    ),
    Rule("poll", Scope.NEIGHBOUR, r"(?:latest|urgent|breaking|breaking news|special):"),
)

OTHER_LANGUAGES = (
    _alone(
        "share_button",
        r"""
        partager|partagez|teilen|compartir|comparte|compartilhar|compartilhe|partilhar|condividi|delen|imprimir
        |imprimer|drucken|stampa|afdrukken|commenter|kommentieren|comentar|commenta|reageer
    """,
    ),
    _anywhere(
        "share_prompt",
        rf"""
        (?:partager|partagez|teilen|compartir|comparte|compartilhar|compartilhe|partilhar|condividi|delen)(?: (?:sur
        |auf|in|en|no|na|em|su|via|op|par|per|por) (?:{_NET}|x)| (?:cet article|este artículo|esta noticia
        |este artigo|questo articolo|dit artikel))[.!:]?|(?:diesen )?artikel teilen|deel dit artikel
        |suivez-nous sur {_NET}.{{0,60}}|folgen sie uns auf {_NET}.{{0,60}}|síguenos en {_NET}.{{0,60}}
        |siga-nos no {_NET}.{{0,60}}|seguici su {_NET}.{{0,60}}|volg ons op {_NET}.{{0,60}}
    """,
    ),
    _anywhere(
        "read_more",
        rf"""
        lire la suite{_MORE}|en savoir plus{_MORE}|weiterlesen{_MORE}|mehr lesen{_MORE}|leer más{_MORE}
        |seguir leyendo{_MORE}
        |leggi tutto{_MORE}|continua a leggere{_MORE}|leia mais{_MORE}|continue lendo{_MORE}|lees (?:meer
        |verder){_MORE}
    """,
    ),
    _anywhere(
        "related_link",
        r"""
        (?:à )?lire aussi ?: ?\S.{4,160}|lesen sie auch ?: ?\S.{4,160}|(?:lee|lea|leer) también ?: ?\S.{4,160}
        |leggi anche ?: ?\S.{4,160}|leia também ?: ?\S.{4,160}|lees ook ?: ?\S.{4,160}|mehr zum thema ?: ?\S.{4,160}
    """,
    ),
    _anywhere(
        "related_heading",
        rf"""
        (?:à )?lire aussi{_MORE}|sur le même sujet{_MORE}|lesen sie auch{_MORE}|mehr zum thema{_MORE}
        |lee también{_MORE}
        |te puede interesar{_MORE}|leggi anche{_MORE}|leia também{_MORE}|lees ook{_MORE}|(?:artículos
        |noticias) relacionad[oa]s{_MORE}
    """,
        lists=True,
    ),
    _alone("advertisement", r"publicité|anzeige|werbung|publicidad|pubblicità|publicidade|advertentie"),
    _anywhere("advertisement", r"continua após a publicidade|la suite après (?:la|cette) publicité"),
    _anywhere(
        "newsletter",
        r"""
        newsletter abonnieren|abonnez-vous à .{0,40}newsletter.{0,60}|iscriviti alla .{0,20}newsletter.{0,60}
    """,
    ),
    _edge("newsletter", r"s['’]abonner|abonnieren|suscríbete|suscribirse|abbonati|assine|abonneren|newsletter"),
    _phrase("rights", "tous droits réservés", r".{0,120}tous droits réservés.{0,120}"),
    _phrase("rights", "alle rechte vorbehalten", r".{0,120}alle rechte vorbehalten.{0,120}"),
    _phrase("rights", "todos los derechos reservados", r".{0,120}todos los derechos reservados.{0,120}"),
    _phrase("rights", "tutti i diritti riservati", r".{0,120}tutti i diritti riservati.{0,120}"),
    _phrase("rights", "todos os direitos reservados", r".{0,120}todos os direitos reservados.{0,120}"),
    _phrase("rights", "alle rechten voorbehouden", r".{0,120}alle rechten voorbehouden.{0,120}"),
)

ADVERTISING = (
    _anywhere(
        "advertisement",
        r"""
        (?:advertisement|advert|ad)[.:]?(?: (?:advertisement|ad)[.:]?){0,9}|advertisement \(scroll to continue\)
        |advertisement (?:continue reading the main story|story continues below|thanks for watching! visit website)
        |advertisement [-–—] (?:scroll to continue|story continues below|continue reading below)|ad feedback
        |adchoices
        |sponsored (?:content|links?|by outbrain|stories)|paid content|promoted by .{2,40}|report this ad|remove ads
        |(?:story|article) continues after (?:this |the )?(?:ad|advertisement)|unitname\".{1,200} hidden ad unit
    """,
    ),
    _alone("advertisement", r"sponsored|ads|advertising|advertorial|promoted"),
    _anywhere(
        "placeholder",
        r"""
        \[(?:pullquote|image|images|video|audio-clip|audio clip|photo|gallery|embed|tweet|ad|slideshow|related
        |caption)\]|articleguid|loading ?\.{2,4}|loading…
    """,
    ),
)

SIGN_UP = (
    _anywhere(
        "newsletter",
        rf"""
        sign up\b.{{0,240}}\b{_MAIL}\b.{{0,300}}|sign up (?:here|now|today|free)[.!]?|email sign up
        |newsletter sign[- ]?up\b.{{0,300}}
        |(?:get|receive) .{{0,160}}\b(?:delivered|sent|straight|direct|directly) to (?:your|you)\b.{{0,200}}
        |(?:get|receive) (?:our|the|a) .{{0,60}}\bnewsletters?\b.{{0,200}}|want .{{2,160}}\b(?:in
        |to) your inbox\b.{{0,200}}
        |by signing up,? (?:you agree|to) .{{1,200}}|thank you for (?:signing up|subscribing)\b.{{0,200}}
        |manage newsletters|(?:enter|please enter) (?:your|a valid) e?-?mail(?: address)?\b.{{0,60}}
        |you have successfully (?:subscribed|signed up).{{0,80}}
        |(?:already|not) a (?:subscriber|member)\?.{{0,60}}|we have more newsletters.{{0,80}}
        |see our privacy (?:notice|policy)[.]?
        |get breaking news alerts\b.{{0,160}}|to read more [^.]{{2,60}}, go to .{{2,80}}\b(?:sign up
        |newsletter)\b.{{0,200}}
        |get the (?:biggest|latest|best|top) .{{2,60}} (?:by e?-?mail|in your inbox)\b.{{0,200}}
    """,
    ),
    _anywhere(
        "subscribe",
        rf"""
        subscribe to .{{2,100}}\b(?:{_MAIL}|channel|magazine|itunes|apple podcasts|spotify|youtube|rss
        |feed)\b.{{0,160}}
        |subscribe (?:now|today|here|for free|free)\b.{{0,80}}|subscribe (?:on|via) (?:apple|itunes|spotify|google
        |youtube|rss)\b.{{0,120}}
    """,
    ),
    _alone("subscribe", r"subscribe[.!]?|sign up[.!]?|log ?in[.!]?|sign in[.!]?"),
    _edge("subscribe", r"newsletters?|register|log out|sign out|my account|create (?:an )?account|subscribers?"),
    _anywhere(
        "subscribe",
        r"""
        (?:log in|login|sign in|subscribe|register|sign up) ?(?:[|/•·]|or) ?(?:log in|login|sign in|subscribe
        |register|sign up)
    """,
    ),
    _phrase("subscribe", "unsubscribe at any", r".{0,300}\bunsubscribe at any ?time\b.{0,100}"),
    _anywhere(
        "cookies",
        r"""
        (?:we|this site|this website|our site|our website) uses? cookies\b.{0,500}|(?:accept|allow|reject
        |manage)(?: all)? cookies
        |by (?:continuing|using|browsing|clicking)\b.{0,160}\bcookies\b.{0,300}|cookie (?:policy|settings
        |preferences|notice)
    """,
    ),
    _anywhere(
        "support",
        r"""
        support (?:vox|progressive|independent|quality|our|nonprofit|local)\b.{0,40}\bjournalism\b.{0,500}
        |donate (?:now|today)[.!]?
    """,
    ),
    _phrase(
        "newsletter",
        "your inbox",
        r"""
        (?=.*\b(?:newsletters?|sign(?:ing)? up|subscribe|delivered|meet|weekday)\b).*\byour inbox\b.*
    """,
    ),
    _phrase("newsletter", "by signing up", r".*\bby signing up,? (?:you|i) (?:agree|confirm|accept)\b.*"),
    _phrase("newsletter", "newsletter", r"for [^.]{5,120}, (?:subscribe to|sign up for) [^.]{2,60} newsletters?[.]?"),
    _phrase(
        "newsletter",
        "as an interest to stay",
        r"""
        interested in .{2,80}\? add .{2,80} as an interest to stay up to date\b.*
    """,
    ),
    _phrase("support", "if you enjoyed this article", r"(?:something to consider )?if you enjoyed this article, .*"),
    _phrase(
        "support",
        "please consider making a",
        r"""
        .{100,680}\bplease consider making a (?:financial )?contribution to \w+ today\b.{0,120}
    """,
    ),
    _anywhere("app", r"(?:download|get) (?:our|the) .{0,40}\bapp\b.{0,80}"),
)

RIGHTS = (
    _anywhere(
        "rights",
        rf"""
        \(?(?:©|copyright)[ ,:]*(?:©|\(c\))?[ ]*(?:copyright )?[ ]*{_YEAR}\b.{{0,300}}|\(?(?:copyright ©
        |copyright \(c\)|©) ?\S.{{1,300}}
        |(?:this|the) (?:material|content|story|article) may not be (?:published|reproduced|reprinted
        |copied)\b.{{0,200}}
    """,
    ),
    _anywhere("rights", rf"\(c\) ?{_YEAR}\b.{{0,200}}"),
    _phrase("rights", "all rights reserved", r"[^.]{0,100}(?:[.] )?all rights reserved\b.{0,250}"),
    _anywhere(
        "transcript_notice",
        r"""
        transcript (?:provided|produced) by .{2,120}|npr transcripts are created\b.{0,400}
        |accuracy and availability may vary\b.{0,200}
        |this is a rush transcript\b.{0,200}|this transcript (?:has been|was|is) (?:automatically|auto)\b.{0,200}
    """,
    ),
    _anywhere(
        "notice",
        r"""
        this article is more than \d{1,2} (?:months?|years?) old|visit .{2,40} homepage for more stories[.]?
        |content created by .{3,80} is available without charge\b.*
        |the (?:opinions|views) expressed (?:by|in|here)\b.{0,80}\b(?:are|is) (?:their|his|her|those|solely
        |the)\b.{0,240}
        |(?:please )?enable javascript\b.{0,120}|javascript (?:is|must be) (?:required|disabled|enabled)\b.{0,120}
        |your browser does(?: not|n['’]t) support\b.{0,120}|an error (?:has )?occurred[.,].{0,80}|transcript request
    """,
    ),
)

CAPTIONS = (
    _anywhere(
        "caption",
        rf"""
        (?:enlarge this image ?)?toggle caption.{{0,300}}|enlarge (?:this )?(?:image|photo)\b.{{0,160}}
        |hide caption.{{0,600}}
        |image copyright .{{1,400}}|image caption,? .{{1,400}}|image source,? .{{1,100}}|media caption,? .{{1,400}}
        |media playback is (?:unsupported|not supported) on (?:your|this) device.{{0,400}}
        |file(?: photo)? ?[:–—-] .{{10,500}}\b{_AGENCY}\b.{{0,60}}
        |(?-i:Image) (?-i:[A-Z]).{{10,500}}(?-i: Credit)(?:\.\.\.|…)? ?.{{3,80}}
        |(?-i:CLOSE) (?-i:[‘“'\"]?[A-Z][a-z]).{{15,600}}
    """,
    ),
    _anywhere(
        "player",
        r"""
        (?:play|watch) video(?: \d?\d:\d\d.{0,200})?|video \d?\d:\d\d|slideshow \(\d{1,3} images?\)|replay video
        |play again|(?:prev|previous|next|prev next)(?: (?:prev|next))? image \d{1,3} of \d{1,3}|(?:image
        |photo) \d{1,3} of \d{1,3}
        |watch the latest video at (?:<a [^<>]{5,100}>[^<>]{5,60}</a>|\S{8,60})|view (?:slideshow|gallery|photos)
    """,
    ),
    _alone("player", r"(?:watch|listen|video|photos?) ?:|photos?|videos?|slideshow|gallery|close|previous|prev|next"),
    _alone("credit", rf"{_AGENCY}"),
    _anywhere(
        "credit",
        rf"""
        \((?:photos?|images?|picture|illustration|graphic|screenshot|file photo|photograph|reuters photo
        |ap photo)(?: (?:by|via|courtesy(?: of)?|credit))? ?[:/ ] ?[^()]{{2,100}}\)
        |(?:photos?|photograph|image|picture|credit|photo credit|image credit|photographer|illustration|screenshot
        |cover image|featured image) ?(?:by|courtesy of)? ?: ?{_NAME}(?: ?/ ?{_NAME}){{0,4}}
        |(?:photo|photos|photograph|illustration) (?:by|courtesy of) (?-i:[A-Z])[^!?:;()]{{2,60}}
        |ap photos?(?: ?/ ?{_NAME})?
    """,
    ),
    _phrase("credit", "/", rf"\(?{_NAME}(?: ?/ ?{_NAME}){{0,3}} ?/ ?{_AGENCY}(?: via {_AGENCY})?\)?"),
)

COMMENTS = (
    _anywhere(
        "comments",
        r"""
        (?:leave|post|write|add|submit|make) a comment[.!]?|(?:view|show|hide|read|see|load
        |load more)(?: all)?(?: the)?(?: \d{1,6})? comments[.!]?
        |comments? \(\d{1,6}\)|\d{1,6} comments?|comments (?:are )?(?:closed|off)[.]?|no comments(?: yet)?[.]?
        |be the first to comment[.!]?
        |comment on this (?:story|article)[.!]?|join the (?:conversation|discussion)[.!»]?
        |what do you think\? (?:leave|post|share)\b.{0,80}
    """,
    ),
    _edge("comments", r"comments?|discuss|reply|have your say[.!]?"),
    _anywhere(
        "tip",
        r"""
        (?:have|got) a (?:news )?tip\b.{0,140}@.{0,60}|write to .{3,60} at \S+@\S+|contact us at \S+@\S+
        |send letters to:? \S+@\S+
    """,
    ),
)

NAVIGATION = (
    _anywhere(
        "navigation",
        r"""
        skip to(?: main)? (?:content|navigation)|(?:back|return) to (?:top|home|homepage|home page)|(?:next
        |previous) (?:article|post|story|page)
        |(?:open|close|toggle|main) (?:menu|navigation)|site map|sitemap|(?:load|show|view|see) (?:more|all|less)
        |jump to (?:comments|content|navigation)|go to (?:homepage|home page|top)
    """,
    ),
    _edge(
        "navigation",
        r"""
        home|menu|search|navigation|sections|topics|tags|categories|top|help|faq|privacy|terms|contact(?: us)?
        |about(?: us)?
        |privacy policy|terms (?:of|and) (?:use|service|conditions)|(?:image )?\d{1,3} (?:of|/) \d{1,3}
    """,
    ),
    _anywhere(
        "navigation",
        r"""
        (?:home|about|contact|privacy|terms|about us|contact us|privacy policy|terms of (?:use
        |service))(?: ?[|•·] ?[\w ]{2,30}){1,12}
    """,
    ),
    _anywhere(
        "tags",
        r"""
        tags?: ?\S.{0,300}|topics: ?\S.{0,200}|filed (?:under|in):?(?: .{1,200})?|categories: ?\S.{0,200}
        |posted in:? .{1,100}
        |(?:this )?(?:article|story|post) tagged (?:under|with):? .{1,200}|tagged(?: with| as)?: ?\S.{0,200}
        |in this (?:article|story):.{0,200}
    """,
    ),
)

RULES = SHARING + READING + ADVERTISING + SIGN_UP + RIGHTS + CAPTIONS + COMMENTS + NAVIGATION + OTHER_LANGUAGES
