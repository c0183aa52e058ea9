r"""The rules by which `furniture` knows page furniture: tables of patterns, by scope and by name.

A pattern describes a line from end to end, so a sentence that merely begins like a button ("Share prices fell.") does
not match. What a match may do is its scope's affair: a line that no article would hold goes wherever it stands, a word
that could be a subheading goes only where its surroundings speak for it. When in doubt there is no rule.

Patterns ignore case, see lines of at most MAX_LINE characters without bullets and the like, and are written over
several lines whose indentation and breaks mean nothing. A line meets only the patterns that can begin with its first
word, which `furniture` reads off them, so each alternative begins with a literal word, `\d`, or a group of such, after
an optional bracket; those of `phrases` are found by a phrase instead, which every line they match holds.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from transforms.clean.phrases import PHRASES
from transforms.clean.vocabulary import AGENCY, BUTTON, BYLINE, MAIL, MORE, NAME, NET, PIECE, PROPER, YEAR

# The longest furniture in sight is an appeal for donations or a caption with its credits.
MAX_LINE = 700


class Scope(Enum):
    """Where a line that matches is furniture."""

    ANYWHERE = "wherever it stands"
    ALONE = "where it is a paragraph of its own, and wherever EDGE holds"
    EDGE = "at the start or end of the article, furniture aside, and wherever NEIGHBOUR holds"
    NEIGHBOUR = "next to other furniture, blank lines aside"


class Rule(NamedTuple):
    """A pattern with its name and scope; `lists`: headlines after the line go too; `needle`: its phrase, lower case."""

    name: str
    scope: Scope
    pattern: str
    lists: bool = False
    needle: str = ""


ANYWHERE = {
    "share_bar": rf"""
        {NET}(?:[ |/•·]{{1,3}}{BUTTON}){{1,15}}|(?:share|tweet|print|save)(?:[ |/•·]{{1,3}}{BUTTON}){{1,15}}
        |facebook twitter pinterest .{{1,500}}
    """,
    "share_prompt": rf"""
        share (?:this|the)(?: {PIECE})?(?: (?:on|via|with|by) (?:{NET}|x|friends|others))?[.!:]?(?: {BUTTON}){{0,15}}
        |listen to article .{{0,10}}share this article(?: {BUTTON}){{0,15}}|share (?:on|via|to|by) (?:{NET}|x)\b[.!]?
        |share (?:link|your thoughts)|share all sharing options for: .{{1,200}}|link copied[.!]?
        |click to (?:share|email|print) .{{0,60}}\(opens in new window\)|(?:email|print|send) this(?: {PIECE})?
        |(?:email|send) this(?: {PIECE})? to a friend|print (?:article|story)|read or share this story: ?\S{{5,200}}
        |(?:partager|partagez|teilen|compartir|comparte|compartilhar|compartilhe|partilhar|condividi|delen)
        (?: (?:sur|auf|in|en|no|na|em|su|via|op|par|per|por) {NET}| cet article| este artículo| esta noticia
        | este artigo| questo articolo| dit artikel)[.!:]?|artikel teilen|deel dit artikel
        |(?:suivez-nous sur|folgen sie uns auf|síguenos en|siga-nos no|seguici su|volg ons op) {NET}.{{0,60}}
    """,
    "share_count": r"""
        \d[\d.,]{0,9}k?(?: (?:shares?|tweets?|retweets?|likes?|pins?|reactions?)(?: \d[\d.,]{0,9}k?)?){1,4}
        |shares? ?[(:]?\d[\d.,]{0,9}k?\)?
    """,
    "follow": rf"""
        follow @\w{{2,30}}(?: ?follow @\w{{2,30}}){{0,6}}(?: on (?:twitter|x|instagram))?[.!]?|follow us[.!:]?
        |(?:please )?follow (?:[^\s.!?]{{1,30}} ){{0,8}}on (?:{NET}|x)\b.{{0,160}}
        |(?:like|find|join) us on {NET}\b.{{0,100}}
        |follow (?:[^\s.!?]{{1,30}} ){{0,6}}coverage (?:of .{{3,80}} )?at:? https?://.{{4,200}}
    """,
    "mobile_version": r"exit mobile version|view (?:the )?(?:full|desktop) (?:site|version)",
    "read_more": rf"""
        read more ?: ?\S.{{3,160}}|read more (?:from|about|on|at|here|in|by|of)\b.{{0,140}}|read the more[.»>→…]{{1,4}}
        |read the (?:full|rest|entire|whole|complete|original)\b.{{0,100}}\bhere[.»!]{{0,3}}|read (?:it )?here[.!]?
        |read the (?:full|rest of the|entire|whole|complete|original) (?:story|article|post|piece|column)
        (?: (?:at|on|in) .{{1,60}})?[.»]?
        |(?:lire la suite|en savoir plus|weiterlesen|mehr lesen|leer más|seguir leyendo|leggi tutto|continua a leggere
        |leia mais|continue lendo|lees meer|lees verder){MORE}
    """,
    "continue": rf"""
        continue reading(?: (?:the main story|below|here|this story|at .{{1,60}}))?{MORE}|continued below{MORE}
        |(?:story|article) continues?d?(?: below| after)?(?: (?:this |the )?(?:ad|advertisement|video|gallery))?{MORE}
        |scroll (?:down )?(?:to continue|for more)(?: reading)?[.:]?|keep reading{MORE}
        |to (?:continue|keep) reading\b.{{0,160}}\b(?:click|subscribe|log in|sign in|sign up|register)\b.{{0,80}}
    """,
    "click": r"""
        \(?click here\b.{0,200}|click for (?:more|the|full|complete)\b.{0,100}|click on the fox news app
        |click to enlarge[.]?|click to (?:get|view|read|watch|see|hear|play|expand|listen|tweet|subscribe)\b.{0,120}
    """,
    "related_link": r"""
        (?:related(?: (?:article|story|stories|video|link|coverage|content|news))?|see (?:also|related|more)|more
        |also (?:see|read|on [^:]{2,30})|(?:now watch|watch)(?: live| now| also)?|read(?: also| next| this)?
        |recommended|don['’]t miss|must[- ]read|photos|videos?|slideshow|gallery|podcast|quiz|go deeper|for more
        |(?:special|full) coverage
        |(?:à )?lire aussi|lesen sie auch|mehr zum thema|(?:lee|lea|leer) también|leggi anche|leia também|lees ook)
        [ ]?: ?\S.{4,170}|related coverage (?-i:[A-Z0-9]).{4,170}(?<![.,;])|listen(?: live| now)? ?: ?\S.{4,170}(?<![.,;])
    """,
    "bracketed_link": r"""
        \( ?also on [^():]{2,30}: ?[^()]{3,150}\)
        |\( (?:see|full|understanding|politico|sign up|follow|watch|read|poll)\b.{3,150}\)
        |\( ?(?:photos|video|watch|listen|read(?: more| also)?|see(?: also| results| more)?|more(?: on [^():]{2,30})?
        |related|podcast|quiz|cartoons|poll|timeline) ?: ?[^()]{3,150}\)
        |\[(?:read|see|watch|sign up|get|follow|listen|click|subscribe|related)\b[^\[\]]{3,200}\][.]?
    """,
    "advertisement": r"""
        (?:advertisement|advert|ad)[.:]?(?: (?:advertisement|ad)[.:]?){0,9}|ad feedback|adchoices|report this ad
        |advertisement (?:continue reading the main story|story continues below|thanks for watching! visit website)
        |advertisement [-–—(] ?(?:scroll to continue|story continues below|continue reading below)\)?|remove ads
        |sponsored (?:content|links?|by outbrain|stories)|paid content|promoted by .{2,40}
        |(?:story|article) continues after (?:this |the )?(?:ad|advertisement)|unitname".{1,200} hidden ad unit
        |this advertisement has not loaded yet, but your article continues below[.]?
        |continua após a publicidade|la suite après (?:la|cette) publicité
    """,
    "placeholder": r"""
        article content(?: continued)?|\[(?:pullquote|summary|image|images|video|audio-clip|photo|gallery|embed|tweet|ad|slideshow|related|caption)\]
        |articleguid|loading ?\.{2,4}|loading…
    """,
    "newsletter": rf"""
        sign up\b.{{0,240}}\b{MAIL}\b.{{0,300}}|sign up (?:here|now|today|free)[.!]?|email sign up|manage newsletters
        |(?:get|receive) .{{0,160}}\b(?:delivered|sent|straight|direct) to (?:your (?:email|in-?box|phone)|you every)\b
        .{{0,200}}|(?:get|receive) (?:our|the|a) .{{0,60}}\bnewsletters?\b.{{0,200}}|newsletter sign[- ]?up\b.{{0,650}}
        |thank you for (?:signing up|subscribing)\b.{{0,200}}|see our privacy (?:notice|policy)[.]?
        |(?:enter|please enter) (?:your|a valid) e?-?mail(?: address)?\b.{{0,60}}|we have more newsletters.{{0,80}}
        |you have successfully (?:subscribed|signed up).{{0,80}}|(?:already|not) a (?:subscriber|member)\?.{{0,60}}
        |get breaking news alerts\b.{{0,160}}|get the (?:biggest|latest|best|top) .{{2,60}} by e?-?mail\b.{{0,200}}
        |to read more [^.]{{2,60}}, go to .{{2,80}}\b(?:sign up|newsletter)\b.{{0,200}}
        |newsletter abonnieren|(?:abonnez-vous à|iscriviti alla) .{{0,40}}newsletter.{{0,60}}
    """,
    "subscribe": rf"""
        subscribe to .{{2,100}}\b(?:{MAIL}|channel|magazine|itunes|apple podcasts|spotify|youtube|rss|feed)\b.{{0,160}}
        |subscribe (?:now|today|here|for free|free)\b.{{0,80}}
        |subscribe (?:on|via) (?:apple|itunes|spotify|google|youtube|rss)\b.{{0,120}}
        |subscribe to (?:read|continue|keep|unlock|access|get|view|enjoy)\b.{{0,160}}
        |(?:keep|continue) reading (?:with|by|for) .{{0,40}}\b(?:subscri\w+|membership|account|trial)\b.{{0,120}}
        |you(?: have|['’]ve) (?:read|reached|used|viewed)\b.{{0,80}}\b(?:free|monthly|complimentary)\b.{{0,40}}
        \b(?:articles?|stories|limit)\b.{{0,160}}
        |(?:this|the) (?:article|story|content|page) is (?:only )?(?:available |reserved )?(?:exclusively )?(?:for|to)
        (?: our)?(?: paid| paying| registered)? (?:subscribers|members)\b.{{0,120}}
        |(?:already|not yet) a (?:subscriber|member)\?.{{0,60}}|create (?:a|your) free account\b.{{0,120}}
        |(?:log in|login|sign in|subscribe|register) ?(?:[|/•·]|or) ?(?:log in|login|sign in|subscribe|register|sign up)
    """,
    "cookies": r"""
        (?:we|this site|this website|our site|our website) uses? cookies\b.{0,500}
        |(?:accept|allow|reject|manage)(?: all)? cookies|cookie (?:policy|settings|preferences|notice)
        |by (?:continuing|using|browsing|clicking)\b.{0,160}\bcookies\b.{0,300}
    """,
    "support": r"""
        support (?:vox|progressive|independent|quality|our|nonprofit|local)\b.{0,40}\bjournalism\b.{0,500}
        |donate (?:now|today)[.!]?
    """,
    "app": r"(?:download|get) (?:our|the (?:\w{1,20} ){0,3}(?:news|business|mobile|sports|weather)) app\b.{0,80}",
    "rights": rf"""
        \(?(?:©|copyright)[ ,:]*(?:©|\(c\))?[ ]*(?:copyright )?[ ]*{YEAR}\b.{{0,300}}|\(c\) ?{YEAR}\b.{{0,200}}
        |\(?(?:copyright ©|copyright \(c\)|©) ?\S.{{1,300}}
        |this (?:material|content|story|article) may not be (?:published|reproduced|reprinted|copied)\b.{{0,200}}
    """,
    "transcript_notice": r"""
        transcript (?:provided|produced) by .{2,120}|npr transcripts are created\b.{0,400}|transcript request
        |accuracy and availability may vary\b.{0,200}|this is a rush transcript\b.{0,200}
        |this transcript (?:has been|was|is) (?:automatically|auto)\b.{0,200}
    """,
    "notice": r"""
        this article is more than \d{1,2} (?:months?|years?) old|visit .{2,40} homepage for more stories[.]?
        |content created by .{3,80} is available without charge\b.*
        |the (?:opinions|views) expressed (?:by|in|here)\b.{0,80}\b(?:are|is) (?:their|his|her|those|solely)\b.{0,240}
        |(?:please )?enable javascript\b.{0,120}|javascript (?:is|must be) (?:required|disabled|enabled)\b.{0,120}
        |your browser does(?: not|n['’]t) support\b.{0,120}|an error (?:has )?occurred[.,].{0,80}
    """,
    "caption": rf"""
        (?:enlarge this image ?)?toggle caption.{{0,300}}|enlarge (?:this )?(?:image|photo)\b.{{0,160}}
        |hide caption.{{0,600}}|(?:image copyright|image caption,?|media caption,?) .{{1,400}}|image source,? .{{1,100}}
        |media playback is (?:unsupported|not supported) on (?:your|this) device.{{0,400}}
        |file(?: photo)? ?[:–—-] .{{10,500}}\b{AGENCY}\b.{{0,60}}|(?-i:CLOSE) (?-i:[‘“'"]?[A-Z][a-z]).{{15,600}}
        |(?-i:Image) (?-i:[A-Z]).{{10,500}}(?-i: Credit)(?:\.\.\.|…)? ?.{{3,80}}
    """,
    "player": r"""
        (?-i:JUST WATCHED)(?: .{2,300})?|(?-i:MUST WATCH)(?: .{2,200})?|replay more videos\b.{0,300}|more videos (?:\.{2,4}|…).{0,300}
        |(?:we apologi[sz]e, but )?this video (?:has failed to load|is (?:not|no longer) available)\b.{0,120}
        |(?:play|watch) video(?: \d?\d:\d\d.{0,200})?|video \d?\d:\d\d|slideshow \(\d{1,3} images?\)|replay video
        |(?:prev|previous|next|prev next)(?: (?:prev|next))? image \d{1,3} of \d{1,3}|(?:image|photo) \d{1,3} of \d{1,3}
        |watch the latest video at (?:<a [^<>]{5,100}>[^<>]{5,60}</a>|\S{8,60})|view (?:slideshow|gallery|photos)
    """,
    "credit": rf"""
        \((?:photos?|images?|picture|illustration|graphic|screenshot|file photo|photograph|reuters photo|ap photo)
        (?: (?:by|via|courtesy(?: of)?|credit))? ?[:/ ] ?[^()]{{2,100}}\)
        |(?:photos?|photograph|image|picture|credit|photo credit|image credit|photographer|illustration|screenshot
        |cover image|featured image) ?(?:by|courtesy of)? ?: ?{NAME}(?: ?/ ?{NAME}){{0,4}}
        |(?:photo|photos|photograph|illustration) (?:by|courtesy of) (?-i:[A-Z])[^!?:;()]{{2,60}}
        |ap photos?(?: ?/ ?{NAME})?
    """,
    "report_credit": rf"""
        \(?(?:additional |further |with )?{BYLINE}(?: ?[;,.&/—-]? ?(?:{BYLINE}|{PROPER}|and|in|of|the|for|de|van|with
        |additional|further)){{0,60}}[.]?\)?[.]?
        |contributing ?: ?(?-i:[A-Z]).{{2,160}}|our standards ?: ?the thomson reuters trust principles[.]?
    """,
    "comments": r"""
        (?:leave|post|write|add|submit|make) a comment[.!]?|comments? \(\d{1,6}\)|\d{1,6} comments?
        |(?:view|show|hide|read|see|load|load more)(?: all)?(?: the)?(?: \d{1,6})? comments[.!]?
        |comments (?:are )?(?:closed|off)[.]?|no comments(?: yet)?[.]?|be the first to comment[.!]?
        |comment on this (?:story|article)[.!]?|join the (?:conversation|discussion)[.!»]?
        |what do you think\? (?:leave|post|share)\b.{0,80}
    """,
    "contact": r"""
        (?:have|got) a (?:news )?tip\b.{0,140}@.{0,60}|write to .{3,60} at \S+@\S+|contact us at \S+@\S+
        |send letters to:? \S+@\S+
    """,
    "navigation": r"""
        skip to(?: main)? (?:content|navigation)|(?:back|return) to (?:top|home|homepage|home page)|site map|sitemap
        |(?:next|previous) (?:article|post|story|page)|(?:open|close|toggle|main) (?:menu|navigation)
        |(?:load|show|view|see) (?:more|all|less)[ .:…»›→>]{0,4}|jump to (?:comments|content|navigation)
        |(?:home|about|contact|privacy|terms|about us|contact us|privacy policy|terms of use|terms of service)
        (?: ?[|•·] ?[\w ]{2,30}){1,12}
    """,
    "tags": r"""
        tags?: ?\S.{0,300}|topics: ?\S.{0,200}|filed (?:under|in):?(?: .{1,200})?|categories: ?\S.{0,200}
        |(?:this )?(?:article|story|post) tagged (?:under|with):? .{1,200}|tagged(?: with| as)?: ?\S.{0,200}
        |posted in:? .{1,100}|in this (?:article|story):.{0,200}
    """,
}
LISTS = {
    "related_heading": rf"""
        (?:related (?:articles?|stories|content|links?|coverage|posts?|news|reading|videos?)
        |recommended (?:stories|reading|for you|articles)|more on this(?: story| topic)?|read more|further reading
        |see (?:also|related)|also (?:see|read)|more (?:news|stories|headlines|coverage)|what to read next
        |you (?:may|might) (?:also )?(?:like|be interested in|enjoy)(?: this)?|editor['’]?s['’]? picks
        |most (?:read|popular|viewed|shared|commented|watched)(?: stories| articles| news| now| today)?
        |trending (?:now|stories|topics)|(?:from )?around the web|promoted stories|read more from .{{2,40}}:
        |(?:à )?lire aussi|sur le même sujet|lesen sie auch|mehr zum thema|lee también|te puede interesar|leggi anche
        |leia também|lees ook|(?:artículos|noticias) relacionad[oa]s){MORE}
        |(?:related|recommended|popular|trending|don['’]t miss|go deeper|up next|read next|more) ?:
    """,
}
ALONE = {
    "share_button": r"""
        share[.!:]?|tweet[.!:]?|retweet|pin it|whatsapp|copy link|partager|partagez|teilen|compartir|comparte
        |compartilhar|compartilhe|partilhar|condividi|delen|imprimir|imprimer|drucken|stampa|afdrukken
    """,
    "advertisement": r"sponsored|ads|publicité|anzeige|werbung|publicidad|pubblicità|publicidade|advertentie",
    "subscribe": r"subscribe[.!]?|sign up[.!]?|log ?in[.!]?|sign in[.!]?",
    "player": r"(?:watch|listen|video|photos?) ?:|photos?|videos?|slideshow|gallery|close|previous|prev|next",
    "credit": AGENCY,
}
EDGE = {
    "share_button": rf"{NET}[.:]?|print|save|pin|like",
    "newsletter": r"newsletters?|s['’]abonner|abonnieren|suscríbete|suscribirse|abbonati|assine|abonneren",
    "subscribe": r"register|log out|sign out|my account|create (?:an )?account|subscribers?",
    "notice": r"\d{1,2} (?:years?|months?|days?|hours?|minutes?) ago",
    "comments": r"comments?|discuss|reply|have your say[.!]?",
    "navigation": r"""
        home|menu|search|navigation|sections|topics|tags|categories|top|help|faq|privacy|terms|contact(?: us)?
        |about(?: us)?|privacy policy|terms (?:of|and) (?:use|service|conditions)|(?:image )?\d{1,3} (?:of|/) \d{1,3}
    """,
}
LISTS_AT_EDGE = {
    "related_heading": r"""
        related|recommended|popular|popular now|trending|don['’]t miss|go deeper|up next|read next|top stories
        |latest (?:news|stories|headlines)|more(?: (?:from|on|in|about) [^.!?:]{2,50})?|must[- ]reads?
    """,
}
NEIGHBOUR = {"poll": r"(?:latest|urgent|breaking|breaking news|special):"}


def _rules(scope: Scope, table: dict[str, str], *, lists: bool = False) -> tuple[Rule, ...]:
    """The rules of one table."""
    return tuple(
        Rule(name, scope, "".join([line.strip() for line in pattern.splitlines()]), lists)
        for name, pattern in table.items()
    )


RULES = (
    *_rules(Scope.ANYWHERE, LISTS, lists=True),
    *_rules(Scope.ANYWHERE, ANYWHERE),
    *_rules(Scope.ALONE, ALONE),
    *_rules(Scope.EDGE, EDGE),
    *_rules(Scope.EDGE, LISTS_AT_EDGE, lists=True),
    *_rules(Scope.NEIGHBOUR, NEIGHBOUR),
    *[Rule(name, Scope.ANYWHERE, pattern, needle=needle) for name, needle, pattern in PHRASES],
)
