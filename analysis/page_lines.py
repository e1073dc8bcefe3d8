"""Lines that belong to a page and not to its article: notices, buttons, links, bylines, dates, closing lines."""

from __future__ import annotations

import functools
import re

_LISTS = (
    r"read (?:more|also|next|on)|also read|see also|watch|(?:related|latest|popular|trending|recommended|top)"
    r"(?: (?:news|stories|articles|posts|topics|coverage|content|links))?"
    r"|more (?:on this(?: story)?|stories|news|from [\w ]{2,30})"
    r"|you (?:may|might) (?:also|be) (?:like|interested)(?: in)?|most (?:read|viewed|popular)|recommended for you"
    r"|don['’]t miss|further reading|editors?['’]?s? picks?"
)
_LIST_HEADING = re.compile(rf"(?:{_LISTS})\s*[:|»›>]?\s*", re.IGNORECASE)
_LIST_LINE = re.compile(
    rf"[>»›•*–-]?\s{{0,3}}(?:{_LISTS})(?: (?:on|about))?\s{{0,3}}[:|»›>–—]\s{{0,3}}\S.{{0,250}}", re.IGNORECASE
)
_NOTICE = re.compile(
    r"(?:share this\b|sign up (?:for|to)\b|subscribe (?:to|now|for)\b|follow us on\b|click here\b"
    r"|follow \S+ on (?:twitter|facebook|telegram|instagram|x)\b"
    r"|join (?:us|our|the conversation)\b.{0,40}(?:telegram|whatsapp|channel|newsletter)"
    r"|download (?:the|our) app\b|get (?:the latest|our) .{0,40}(?:newsletter|inbox)"
    r"|this (?:site|website) uses cookies\b|we use cookies\b|accept (?:all )?cookies\b"
    r"|(?:please )?(?:enable|turn on) javascript\b"
    r"|(?:photo|image|file photo|photograph|picture|photo credit|credit)s?\s?(?:by\b.{0,60})?[:/©]"
    r"|\[?(?:photo|image|getty images|afp photo|ap photo|file photo)\b[^.]{0,60}\]?$"
    r"|(?:ap|afp|reuters|epa|getty) (?:photo|images)?\s?/"
    r"|our standards\s?:|(?-i:(?:Additional r|R)eporting|Writing|Editing|Compiled) by (?-i:[A-Z])"
    r"|[(\[](?:(?:additional )?reporting|writing|editing|compiled|translat(?:ed|ion)) by (?-i:[A-Z])"
    r"|(?:tags?|topics|keywords|categories|filed under|posted in)\s?:"
    r"|(?:news|story|article) (?:id|code)\s?:|(?:hits|views|visits)\s?:\s?\d"
    r"|image caption,|(?:article|story) continues (?:below|after)\b|sources?\s?:\s(?:[\w.’'&-]{1,20}\s?){1,4}$"
    r"|this (?:article|story) is more than \d+ (?:year|month)s? old"
    r"|your email address will not be published\b|you must be (?:logged|signed) in\b"
    r"|register now\b|(?:acquire|purchase) licensing rights\b|write to (?-i:[A-Z]).{3,60} at \S+@|disclaimer\s?:"
    r"|(?:correction|clarification|editor['’]?s['’]? note|note to (?:readers|editors))\b.{0,30}:"
    r"|(?:an )?earlier version of this (?:article|story|report)\b"
    r"|[(\[]?with (?:files|inputs?|(?:additional )?reporting|agency inputs?) from\b"
    r"|[(\[]?(?:except for the headline, )?th(?:is|e) (?:story|article|report|copy) (?:has been|has not been|was|is)"
    r" (?:(?:originally |first |not |also )?(?:published (?:in|on|by|from)|edited by|appeared)|auto-?generated"
    r"|(?:originally|first) published|amended|updated|corrected|revised)\b)"
    r".{0,240}",
    re.IGNORECASE | re.DOTALL,
)
_END = re.compile(
    r"(?:comments are (?:closed|off)\b|leave a (?:comment|reply)\b|\d{1,5} comments?$|post a comment\b"
    r"|(?:view|show|see|hide) (?:all )?comments?\b|comments? \(\d{1,5}\)"
    r"|all rights reserved\b|©|\(c\) \d{4}|copyright (?:©|\(c\)|\d{4})"
    r"|this (?:story|article|report) (?:has been|was) (?:published from|auto-generated)"
    r"|(?-i:ENDS?|[-#]30-|###|/{2,3}end|Endit(?:em)?|NNNN)\s*$|\(end(?:/\d{4})?\)\s*$"
    r"|(?-i:[A-Z]{2,4}/[A-Z]{2,4})\s*$).{0,260}",
    re.IGNORECASE | re.DOTALL,
)
_RIGHTS = re.compile(r"©|\(c\) \d{4}|copyright (?:©|\(c\)|\d{4})", re.IGNORECASE)
_SHARES = r"(?:share|tweet|print|e-?mail|facebook|twitter|whatsapp|telegram|linkedin|copy link|save|pinterest|reddit)"
_BUTTON = re.compile(
    rf"(?:{_SHARES}|listen|subscribe|sign in|log ?in|menu|search|home|skip to (?:main )?content|advertisement"
    r"|advertising|sponsored|comments?|back to top|load more|show more|link copied!?|min read"
    r"|(?:next|previous)(?: (?:story|article|post|page))?"
    rf"|\d{{1,3}} min(?:ute)?s? read|text size|listen to (?:this )?article|about the authors?)"
    rf"(?:[\s|/·•,]{{1,4}}(?:{_SHARES}|back to [a-z ]{{3,12}}|home)){{0,9}}",
    re.IGNORECASE,
)
_PERSON = r"[A-Z][\w.’'-]{0,25}(?:\s(?:[A-Z][\w.’'-]{0,25}|de|da|di|del|la|le|van|von|der|al|el|bin|ibn|of)){0,6}"
_BYLINE = re.compile(
    r"(?i:by|written by|posted by|author|reported by)\s?:?\s"
    rf"{_PERSON}(?:(?:,| and| &| \||,? for| in| -| –| —)\s{_PERSON}){{0,4}}(?:\s?[|,•·–—-]\s?.{{0,60}})?"
)
_AGENCIES = (
    r"(?:(?:The )?Associated Press|AP|Reuters|REUTERS|AFP|Agence France-Presse|Xinhua|TASS|EFE|dpa|PTI|ANI|IANS|UPI"
    r"|BBC News|CNN|Al Jazeera|Deutsche Welle|Anadolu(?: Agency)?|IRNA|ISNA|Bloomberg(?: News)?|Kyodo(?: News)?|Yonhap)"
)
_AGENCY_LINE = re.compile(rf"{_AGENCIES}(?:(?:,|\s[|/–—-])\s(?:{_AGENCIES}|{_PERSON}))?")
_RULER = re.compile(r"[_*=~—–-]{3,300}")
_CODE = re.compile(  # by which an agency knows its report: 9417**2044   MNA/TT/5812345   205/211   bur-umi/rkl
    r"\d{3,4}(?:\*\*\d{3,4}){1,4}|(?:[A-Z]{2,4}/){1,3}\d{4,8}|\d{3}(?:/\d{3}){1,4}"
    r"|[a-z]{2,4}(?:-[a-z]{2,4})?(?:/[a-z]{2,4}){1,4}"
)
_PICTURES = (
    r"(?:REUTERS|Reuters|AP(?: Photo)?|AFP(?: Photo)?|EPA(?:-EFE)?|EFE|Getty(?: Images)?|Xinhua|TASS|Sputnik|dpa|PA"
    r"|Anadolu(?: Agency)?|AA|IRNA|ISNA|MNA|ANI|PTI|WANA|ZUMA|Alamy|Shutterstock|File(?: Photo)?|Handout|Pool)"
)
_CREDITS = tuple(  # as `_PICTURES` has them, but for what may follow
    "REUTERS|Reuters|AP|Photo|AFP|EPA|EFE|Getty|Images|Xinhua|TASS|Sputnik|dpa|PA|Anadolu|Agency|AA|IRNA|ISNA|MNA|ANI|PTI"
    "|WANA|ZUMA|Alamy|Shutterstock|File|Handout|Pool".split("|")
)
_IN_BRACKETS = re.compile(rf"\[{_PICTURES}\]")
_CAPTION = re.compile(
    rf".{{0,280}}(?:^|[\s(\[|])(?:{_PICTURES}\s?/\s?[\w .,'’/-]{{2,60}}|[\w .,'’:/-]{{2,60}}/\s?{_PICTURES}"
    rf"|\[{_PICTURES}(?=\]))[)\].]?",
    re.DOTALL,
)
_CONTRIBUTED = re.compile(r".{3,250}\bcontributed (?:reporting )?to this (?:report|story|article)\.?[)\]]?", re.DOTALL)

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
)
"""A whole date, day, month and year, as an expression for `re` with IGNORECASE."""

_DAY_OF_YEAR = rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH})"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_CLOCK = (
    r"(?:t|,|\s|at|-|–|\||•|/){0,6}"
    r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[ap]\.?m\.?)?\s?(?:\(?[A-Z]{1,5}(?:[+-]\d{1,4})?\)?|[+-]\d\d:?\d\d)?)?"
)
_LABEL = (
    r"(?P<label>(?:(?:first )?(?:published|posted|publication date|publish date|release date|date|issued|updated"
    r"|last (?:updated|modified))(?: on| at)?\s?[:|-]?\s?)?)"
    r"(?:\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4})?,?\s(?:on\s)?)?"
)
DATE_LINE = re.compile(rf"{_LABEL}{_WEEKDAY}(?P<date>{DATE}){_CLOCK}\s*", re.IGNORECASE)
"""A line that is a date and, perhaps, a label before it and a time of day before or after it."""

_PART_OF_DATE = re.compile(
    rf"{_LABEL}(?:{_WEEKDAY}{_DAY_OF_YEAR}{_CLOCK}|\d{{1,3}} (?:minute|hour|day|week|month|year)s? ago)\s*",
    re.IGNORECASE,
)


LISTS = (
    "read mor|read als|read nex|read on|also rea|see also|watch|related|latest|popular|trending|recommen|top|more on "
    "|more sto|more new|more fro|you may |you migh|most rea|most vie|most pop|don't mi|dont mis|further |editor"
).split("|")
BRACKETED = (
    "addition|reportin|writing |editing |compiled|translat|photo|image|getty|afp |ap |file pho|c)"
    "|end|with fil|with inp|with rep|with add|with age|except f|this sto|this art|this rep|this cop|the stor|the arti"
    "|the repo|the copy"
).split("|")
DATES = "mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec".split("|")
OTHERS = (
    # notices
    "share th|sign up |subscrib|follow|click he|join us|join our|join the|download|get the |get our |this sit|this web"
    "|we use c|accept |please e|please t|enable j|turn on |photo|image|file pho|picture|credit|getty|afp |ap |epa "
    "|reuters |our stan|addition|reportin|writing |editing |compiled|tag|keyword|categori|filed un|posted i|news id"
    "|news cod|story id|story co|article |hits|views|visits|source|your ema|you must|register|acquire |purchase"
    "|write to|disclaim|correcti|clarific|editor|editors|note to |an earli|earlier |with fil|with inp|with rep|with add"
    "|with age|except f|the stor|the arti|the repo|the copy|this cop"
    # closing lines
    "|comment|leave a |post a c|all righ|copyrigh|this sto|this art|this rep|end|view |view com|view all|show "
    "|see |hide |about th|nnnn"
    # buttons
    "|share|tweet|print|email|e-mail|facebook|twitter|whatsapp|telegram|linkedin|copy lin|save|pinteres|reddit|listen"
    "|sign in|login|log in|menu|search|home|skip to |advertis|sponsore|back to |load mor|show mor|next|previous"
    "|link cop|min read|text siz|listen t"
    # bylines
    "|by |by:|written |posted b|author|reported|the asso|associat|ap|afp|agence f|reuters|xinhua|tass|efe|dpa|pti|ani"
    "|ians|upi|bbc news|cnn|al jazee|deutsche|anadolu|irna|isna|bloomber|kyodo|yonhap"
    # labels of dates
    "|first |publish|publicat|posted|release |date|issued|updated|last upd|last mod"
).split("|")
"""The first characters, eight at most, of lines of a page, white space as a blank: of lists and links, of what stands
in brackets, of dates, of the rest. Others begin with a digit, an end mark, or the initials of who wrote them."""

_STARTS = [*LISTS, *OTHERS, *DATES]


def _any_of(starts: list[str]) -> str:
    return (
        "(?:" + "|".join(starts).replace("(", r"\(").replace(")", r"\)").replace(" ", r"\s").replace("'", "['’]") + ")"
    )


_BULLETED = rf"[>»›•*–-]\s{{0,3}}{_any_of(LISTS)}"
_RULED_OFF = "[_*=~—–-]{3}"
_INITIALS = re.compile("[A-Z]{2,4}/", re.IGNORECASE)
_BEGINNING = re.compile(
    rf"{_any_of(_STARTS)}|{_INITIALS.pattern}|{_BULLETED}|[-#]30-|###|//|©|[(\[]{_any_of(BRACKETED)}|\d|{_RULED_OFF}",
    re.IGNORECASE,
)
_BY_SIGN = {  # what may follow the sign with which a line begins
    **dict.fromkeys(
        "0123456789",
        rf"\d{{1,5}}(?:\s(?:comment|min|hour|day|week|month|year|{'|'.join(DATES)})|[-/.:]\d|\*\*|st|nd|rd|th)",
    ),
    **dict.fromkeys("([", rf"[(\[]{_any_of(BRACKETED)}"),
    **dict.fromkeys("*-", rf"{_RULED_OFF}|-30-|{_BULLETED}"),
    **dict.fromkeys("_=~", _RULED_OFF),
    ">": _BULLETED,
    "#": "#30-|###",
    "/": "//",
}
_AFTER_SIGN = {sign: re.compile(pattern, re.IGNORECASE) for sign, pattern in _BY_SIGN.items()}
_BY_THREE: dict[str, tuple[str, ...]] = {
    three: tuple(s for s in _STARTS if s.startswith(three)) for three in {s[:3] for s in _STARTS if len(s) > 2}
}
_TWO = frozenset(s[:2] for s in _STARTS if len(s) == 2 or s[2] == " ")
_IN_TWO = frozenset(s for s in _STARTS if len(s) == 2)


@functools.lru_cache(maxsize=4096)
def _may_begin_so(first: str) -> bool:
    """Say whether three characters, all a line has at most, are a sign's or any of those of `_STARTS`, or unclear."""
    small = first.lower()
    return first[0] in _AFTER_SIGN or not first.isascii() or small in _BY_THREE or small[:2] in _TWO


def _may_begin(own: str) -> bool:
    """Say whether a line begins as `_BEGINNING` has it, in a tenth of the time."""
    if not _may_begin_so(own[:3]):
        return "/" in own[2:5] and _INITIALS.match(own) is not None
    if (after_sign := _AFTER_SIGN.get(own[0])) is not None:
        return after_sign.match(own) is not None
    beginning = own[:8]
    if beginning.isascii() and beginning.isprintable():
        beginning = beginning.lower()
        starts = _BY_THREE.get(beginning[:3])
        if (starts is not None and beginning.startswith(starts)) or beginning[:2] in _IN_TWO:
            return True
        return "/" in beginning[2:5] and _INITIALS.match(own) is not None
    return _BEGINNING.match(own) is not None


def _may_end(own: str) -> bool:
    last = own[-40:]
    return "/" in last or last[-1:] == "]" or "to this " in last


def may_be(own: str) -> bool:
    """Say whether a line begins or ends as lines of a page do: most need not be tried further."""
    return _may_begin(own) or _may_end(own)


def is_list_heading(own: str) -> bool:
    """Say whether a line is the heading of a list of links."""
    first = own[0]
    return (first in _OPENS_LIST or not first.isascii()) and _LIST_HEADING.fullmatch(own) is not None


_OPENS_LIST = frozenset(first for s in LISTS for first in (s[0], s[0].upper()))


def is_of_page(own: str, closed: bool) -> bool:
    """Say whether a short line belongs to the page, or would at the beginning or the end of the article."""
    return is_list_heading(own) or rule_of(own, closed, True) is not None


def rule_of(own: str, closed: bool, at_an_end: bool) -> str | None:
    """Return the rule by which a short line belongs to the page, None if it does not.

    Parameters
    ----------
    own : str
    closed : bool
        Whether it ends as a sentence does.
    at_an_end : bool
        Whether it stands before the body of the article or at its end.
    """
    begins, ends = _may_begin(own), _may_end(own)
    if begins:
        first = own[0]
        if first not in _BULLETS:
            if _END.match(own) and (not closed or len(own) < 120 or _RIGHTS.match(own)):
                return "closing line"
            if _NOTICE.fullmatch(own):
                return "page furniture"
            if _BUTTON.fullmatch(own):
                return "button"
        elif own.startswith("-30-") and _END.match(own) and (not closed or len(own) < 120):
            return "closing line"
        if _LIST_LINE.fullmatch(own):
            return "link line with its heading"
        if first in _RULED:
            if _RULER.fullmatch(own):
                return "ruler"
        elif _DIGIT.search(own) and DATE_LINE.fullmatch(own):
            return "date line"
    if ends:
        if _may_hold_credit(own) and _CAPTION.fullmatch(own):
            return "caption with its credit"
        if "contributed " in own and _CONTRIBUTED.fullmatch(own):
            return "who contributed"
    if not begins and not ends:
        return None
    if len(own) < 40 and ("/" in own or "**" in own) and _CODE.fullmatch(own):
        return "code of the agency"
    if not at_an_end or not begins:
        return None
    if not closed and (_BYLINE.fullmatch(own) or _AGENCY_LINE.fullmatch(own)):
        return "byline"
    return "date line without a year" if _DIGIT.search(own) and _PART_OF_DATE.fullmatch(own) else None


def _may_hold_credit(own: str) -> bool:
    """Say whether a slash or bracket stands beside a picture agency: a caption is tried in quadratic time."""
    if "[" in own and _IN_BRACKETS.search(own):
        return True
    before, *after = own.split("/")
    for piece in after:
        if before.rstrip().endswith(_CREDITS) or piece.lstrip().startswith(_CREDITS):
            return True
        before = piece
    return False


_RULED = frozenset("_*=~—–-")
_BULLETS = frozenset(">*-_=~")
"""Signs with which no notice and no button begins."""
_DIGIT = re.compile(r"\d")
