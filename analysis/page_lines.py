"""Lines that belong to a page and not to its article: notices, buttons, links, bylines, dates, closing lines."""

from __future__ import annotations

import re

_LISTS = (
    r"read (?:more|also|next|on)|also read|see also|(?:related|latest|popular|trending|recommended|top)"
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
    r"|(?:news|story|article) (?:id|code)\s?:|(?:hits|views|visits)\s?:\s?\d)"
    r".{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_END = re.compile(
    r"(?:comments are (?:closed|off)\b|leave a (?:comment|reply)\b|\d{1,5} comments?$|post a comment\b"
    r"|all rights reserved\b|©|\(c\) \d{4}|copyright (?:©|\(c\)|\d{4})"
    r"|this (?:story|article|report) (?:has been|was) (?:published from|auto-generated)"
    r"|(?-i:ENDS?|[-#]30-|###|/{2,3}end)\s*$|(?-i:[A-Z]{2,4}/[A-Z]{2,4})\s*$).{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_SHARES = r"(?:share|tweet|print|e-?mail|facebook|twitter|whatsapp|telegram|linkedin|copy link|save|pinterest|reddit)"
_BUTTON = re.compile(
    rf"(?:{_SHARES}|listen|subscribe|sign in|log ?in|menu|search|home|skip to (?:main )?content|advertisement"
    r"|advertising|sponsored|comments?|back to top|load more|show more|next|previous|link copied!?|min read"
    rf"|\d{{1,3}} min(?:ute)?s? read|text size)(?:[\s|/·•,]{{1,4}}{_SHARES}){{0,9}}",
    re.IGNORECASE,
)
_PERSON = r"[A-Z][\w.’'-]{0,25}(?:\s(?:[A-Z][\w.’'-]{0,25}|de|da|di|del|la|le|van|von|der|al|el|bin|ibn|of)){0,6}"
_BYLINE = re.compile(
    r"(?i:by|written by|posted by|author|reported by)\s?:?\s"
    rf"{_PERSON}(?:(?:,| and| &| \||,? for| in| -| –| —)\s{_PERSON}){{0,4}}(?:\s?[|,•·–—-]\s?.{{0,60}})?"
)

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
)
"""A whole date, day, month and year, as an expression for `re` with IGNORECASE."""

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_CLOCK = (
    r"(?:t|,|\s|at|-|–|\||•|/){0,6}"
    r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[ap]\.?m\.?)?\s?(?:\(?[A-Z]{1,5}(?:[+-]\d{1,4})?\)?|[+-]\d\d:?\d\d)?)?"
)
DATE_LINE = re.compile(
    rf"(?P<label>(?:(?:first )?(?:published|posted|publication date|publish date|release date|date|issued|updated"
    rf"|last (?:updated|modified))(?: on| at)?\s?[:|-]?\s?)?){_WEEKDAY}(?P<date>{DATE}){_CLOCK}\s*",
    re.IGNORECASE,
)
"""A line that is a date and, perhaps, a label before it and a time of day after it."""


LISTS = (
    "read mor|read als|read nex|read on|also rea|see also|related|latest|popular|trending|recommen|top|more on "
    "|more sto|more new|more fro|you may |you migh|most rea|most vie|most pop|don't mi|dont mis|further |editor"
).split("|")
BRACKETED = "addition|reportin|writing |editing |compiled|translat|photo|image|getty|afp |ap |file pho|c)".split("|")
DATES = "mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec".split("|")
OTHERS = (
    # notices
    "share th|sign up |subscrib|follow|click he|join us|join our|join the|download|get the |get our |this sit|this web"
    "|we use c|accept |please e|please t|enable j|turn on |photo|image|file pho|picture|credit|getty|afp |ap |epa "
    "|reuters |our stan|addition|reportin|writing |editing |compiled|tag|keyword|categori|filed un|posted i|news id"
    "|news cod|story id|story co|article |hits|views|visits"
    # closing lines
    "|comment|leave a |post a c|all righ|copyrigh|this sto|this art|this rep|end"
    # buttons
    "|share|tweet|print|email|e-mail|facebook|twitter|whatsapp|telegram|linkedin|copy lin|save|pinteres|reddit|listen"
    "|sign in|login|log in|menu|search|home|skip to |advertis|sponsore|back to |load mor|show mor|next|previous"
    "|link cop|min read|text siz"
    # bylines
    "|by |by:|written |posted b|author|reported"
    # labels of dates
    "|first |publish|publicat|posted|release |date|issued|updated|last upd|last mod"
).split("|")
"""The first characters, eight at most, of lines of a page, white space as a blank: of lists and links, of what stands
in brackets, of dates, of the rest. Others begin with a digit, an end mark, or the initials of who wrote them."""

_BEGINNING = re.compile(
    "|".join([*LISTS, *OTHERS, *DATES]).replace(" ", r"\s").replace("'", "['’]")
    + r"|[A-Z]{2,4}/|[>»›•*–-]\s{0,3}[A-Z]|[-#]30-|###|//|©|[(\[][A-Z]|\d",
    re.IGNORECASE,
)


def may_begin(own: str) -> bool:
    """Say whether a line begins as lines of a page do: most need not be tried further."""
    return _BEGINNING.match(own) is not None


def is_list_heading(own: str) -> bool:
    """Say whether a line is the heading of a list of links."""
    return _LIST_HEADING.fullmatch(own) is not None


def is_of_page(own: str, closed: bool) -> bool:
    """Say whether a short line belongs to the page, or would at the beginning or the end of the article."""
    return may_begin(own) and (is_list_heading(own) or rule_of(own, closed, True) is not None)


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
    if _END.match(own) and (not closed or len(own) < 120):
        return "closing line"
    if _NOTICE.fullmatch(own):
        return "page furniture"
    if _BUTTON.fullmatch(own):
        return "button"
    if _LIST_LINE.fullmatch(own):
        return "link line with its heading"
    if DATE_LINE.fullmatch(own):
        return "date line"
    if at_an_end and not closed and _BYLINE.fullmatch(own):
        return "byline"
    return None
