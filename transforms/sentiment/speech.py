"""How English news says who speaks: the verbs of saying, and what stands between them, a name and a quotation."""

from __future__ import annotations

import re

VERBS = (
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?)|add(?:ed|s)|ask(?:ed|s)|w(?:rote|rites)|tweet(?:ed|s)|post(?:ed|s)|"
    r"declare[ds]|state[ds]|note[ds]|argue[ds]|claim(?:ed|s)|insist(?:ed|s)|warn(?:ed|s)|explain(?:ed|s)|repl(?:ied|ies)|"
    r"respond(?:ed|s)|continue[ds]|conclude[ds]|recall(?:ed|s)|announce[ds]|acknowledge[ds]|admit(?:ted|s)|"
    r"promise[ds]|joke[ds]|suggest(?:ed|s)|testifie[ds]|quip(?:ped|s)|remark(?:ed|s)|observe[ds]|complain(?:ed|s)|"
    r"agree[ds]|thunder(?:ed|s)|shout(?:ed|s)|yell(?:ed|s)|repeat(?:ed|s)|confirm(?:ed|s)|stress(?:ed|es)|"
    r"call(?:ed|s)|describe[ds]|blast(?:ed|s)|dismiss(?:ed|es)|predict(?:ed|s)|vow(?:ed|s)|assert(?:ed|s)|"
    r"retort(?:ed|s)|protest(?:ed|s)|urge[ds]|lament(?:ed|s)|decr(?:ied|ies)|exclaim(?:ed|s)|muse[ds]|caution(?:ed|s)|"
    r"counter(?:ed|s)|pledge[ds]|boast(?:ed|s)|scoff(?:ed|s)|plead(?:ed|s)|emphasi[sz]e[ds]|allege[ds]|opine[ds]|"
    r"reflect(?:ed|s)|demand(?:ed|s)|marvel(?:l?ed|s)|elaborate[ds]|clarif(?:ied|ies)|ventured?)"
)
ADVERB = r"(?:(?:has|had|have|also|later|then|once|recently|previously|reportedly|further|\w+ly)\s+){0,2}"
# Between a name and its verb: a description between commas, an age or a party in brackets.
DESCRIBED = r"(?:\s*\([^()\n]{1,30}\))?(?:\s*,\s*[^\"“”\n]{1,160}?,)?"
# What somebody speaks through, right behind the name: “NOAA’s report said”.
THROUGH = (
    r"(?:['’]s?\s+(?:\w+\s+){0,2}(?:statement|report|letter|plan|website|tweet|post|memo|document|email|study)\s)?"
)
# Between a verb and a name: an office or a description, “said Mayor ”, “said the party's leader, ”.
OFFICE = r"(?:(?:the|a|an)\s+[^,.;:\"“”\n]{1,60},\s*|(?:(?:the\s+)?[A-Z]?[\w.’'\-]+\s+){0,4})"
AFTER_VERB = re.compile(rf"[\s,]*{ADVERB}{VERBS}\s+{OFFICE}$")
AFTER_NAME = re.compile(rf"{THROUGH}{DESCRIBED}\s*(?:,\s)?{ADVERB}{VERBS}\b")
ACCORDING = re.compile(r"\baccording to\s+" + OFFICE + "$", re.I)
# “…,” TASS quoted X as saying.
QUOTED_AS = (re.compile(r"[^.\n\"“”]{0,60}\bquoted\s+$"), re.compile(r"\s+as\s+saying\b"))
SAID_PRONOUN = re.compile(rf"[\s,]*(?:{ADVERB}{VERBS}\s+(he|she)\b|(he|she)\s+{ADVERB}{VERBS}\b)")
PRONOUN_SAID = re.compile(rf"\b(he|she)\s+{ADVERB}{VERBS}\b", re.I)
# “…,” the minister wrote: a person in the article by the office alone.
ROLES = (
    r"(?:president|vice\s+president|senator|minister|secretary|attorney\s+general|chairman|chairwoman|congressman|"
    r"congresswoman|governor|mayor|leader|director|professor|author|actor|actress|coach|judge|justice|speaker|candidate|"
    r"nominee|lawmaker|chief|general|ambassador|billionaire|businessman|singer|economist|activist)"
)
SAID_ROLE = re.compile(rf"[\s,]*the\s+(?:[\w-]+\s+){{0,2}}{ROLES}\s+{ADVERB}{VERBS}\b")
# “…,” said one neighbour: somebody else than whoever spoke before.
SAID_BY_SOMEBODY = re.compile(rf"[\s,]*(?:{ADVERB}{VERBS}\b|(?:[\w’'-]+\s+){{1,6}}{ADVERB}{VERBS}\b)")
# Before a name at the end of a sentence: “…, says Ms. X.”
SAYS_BEFORE = re.compile(rf"(?!told|tells?|ask|urge|call|describe|blast|warn|quot){VERBS}\s+{OFFICE}$")
# A work's title after its owner or "on": ABC’s “This Week,” in “The Apprentice”.
TITLE = re.compile(r"(?:[A-Z][\w’']*[ ,]*){1,5}")
ENTITLED = re.compile(r"(?:['’]s?|\b(?:on|in|of|the|film|show|book|song|program|series|essay|article|called))\s$")
# Before a name that follows a quotation: “…,” the mayor, X, said; “…,” Mayor X said.
BEFORE_NAME = re.compile(rf"[\s,]*{OFFICE}$")
# What makes a name part of somebody else's description: “a source close to X”, “a spokesman for President X”.
BELONGS = re.compile(
    r"\b(?:to|of|for|with|by|from|against|about|at|in|on|between|under|behind|near)\s+(?:the\s+)?(?:[A-Z][\w.]*\s+)?$"
)
# Between a name that describes and the name that it describes: “Sanders” campaign manager “Faiz Shakir”.
DESCRIBES = re.compile(r"(?:['’]s?)?(?:\s+(?!(?:who|that|which|and\s+[A-Z])\b)[\w’'\-]+\.?){0,7}\s+(?:[A-Z][\w.]*\s+)?")
# Where this stands before a name, somebody else is the sentence's subject: “She met X”.
SUBJECT = re.compile(r"\b(?:I|you|he|she|it|we|they|who|nobody|everybody|that|this|there)\b|[\"“”«»„]", re.I)
# What may stand between the verb and the quotation that follows it.
TAIL = re.compile(r"(?:[^.!?\n]|(?<=\b[A-Z])\.|(?<=\bMr)\.|(?<=\bMs)\.|(?<=\bDr)\.){0,90}[\s:,—–\-]*$")
# What the subject of a sentence does right before its quotation: “X took the floor to say, ‘…’”, “X turned up: ‘…’”.
INTRODUCED = re.compile(
    r"(?:\b(?:to\s+say|saying|adding|writing|noting|stating|arguing|declaring|insisting)(?:\s+that)?,?:?|:)\s*$"
)
