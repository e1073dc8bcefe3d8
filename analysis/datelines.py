"""Datelines: the place, date and agency with which a report opens."""

from __future__ import annotations

import re

LONGEST = 400
"""Characters of a dateline, at most."""

_NO_PLACE = (
    "BREAKING|UPDATED?|EXCLUSIVE|WATCH|LIVE|VIDEO|PHOTOS?|OPINION|ANALYSIS|COMMENT|EDITORIAL|EXPLAINE[RD]|FACTBOX|FACT"
    "|FEATURE|INTERVIEW|REPORT|NEWS|ALERT|DEVELOPING|JUST IN|URGENT|CORRECTION|CORRECTED|CLARIFICATION|NOTE|KEY|SUMMARY"
    "|TIMELINE|QUOTES?|LETTERS?|READ|LISTEN|EDITOR|TOPSHOT|WRAPUP|SPECIAL|HIGHLIGHTS|INSIGHT|BACKGROUND|QUESTION|ANSWER"
)
_UPPER = "A-ZÀ-ÖØ-Þ"
_PLACE = rf"[{_UPPER}][\w.’'-]{{0,30}}(?:[ /][{_UPPER}][\w.’'-]{{0,30}}){{0,4}}"
_SHORT = rf"[{_UPPER}][\w.’'-]{{0,13}}(?: [{_UPPER}][\w.’'-]{{0,13}})?"
_CAPITALS = rf"(?!(?:{_NO_PLACE})\b)[{_UPPER}][{_UPPER}.’'/ -]{{2,40}}"
_AGENCY = r"(?:[A-Z][\w .&/-]{1,30}|dpa)"
_MARK = r"[A-Z]{2,6}|Xinhua|Reuters|Prensa Latina|Interfax|Kyodo|Yonhap|BelTA|Antara|Bernama|Tasnim|Andina"
_MORE = r"(?:\s\[[A-Z][\w ]{1,30}\])?(?:,\s[^()—–\n]{1,40}?)?"
_DAY = r"(?:[A-Z][a-z]{2,8}\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]{2,8}\.?)(?:,?\s\d{4})?"
_NEXT = rf"(?=\s*(?:$|[\"'“‘«(\[]?[{_UPPER}\d$€£]))"  # a thought between dashes goes on in small letters
_LONG = r"(?=[\s\S]{60})"
_LEAD = (  # the first sentences of news say who said so, or on which day
    r"(?=[\s\S]{60})(?=[\s\S]{0,300}?\b(?:said|says|here|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)"
)
_DATELINE = re.compile(
    # Tehran (IP) -   WASHINGTON, March 3 (Reuters) -   MOSCOW/KYIV (AP) —   (Reuters) -   June 5 (Reuters) -
    # MOSCOW. June 15 (Interfax) -   New Delhi [India], October 4 (ANI):   HAVANA (AP) _   Bogota, Jun 15 (EFE).-
    rf"(?:(?:(?:{_PLACE}{_MORE}|{_DAY}|{_CAPITALS}\.\s{_DAY})\s{{0,20}})?"
    rf"\((?P<agency>{_AGENCY})\)\s{{0,20}}\.?[-–—:_]{{1,2}}"
    # PARIS —   CARACAS, Venezuela —   TEHRAN -   ASTANA. KAZINFORM -
    rf"|{_CAPITALS}(?:\.\s[A-Z]{{3,12}})?{_MORE}\s{{0,20}}(?:[–—]|\s--?(?=\s)){_NEXT}"
    # ISLAMABAD: Pakistan
    rf"|{_CAPITALS}:(?=\s){_NEXT}{_LEAD}"
    # MOSCOW, July 21. /TASS/.
    rf"|{_CAPITALS},[^/\n]{{3,30}}\.\s{{0,20}}/(?P<slashed>[A-Z][\w .-]{{1,20}})/\.?"
    # HAVANA, June 15 (Prensa Latina)   TEHRAN, Jun. 19 (MNA)   New Delhi, Oct 4 (PTI)   Havana, Cuba, 12 May (EFE)
    rf"|{_CAPITALS},\s{_DAY}\s{{0,20}}\((?P<marked>{_AGENCY})\)|{_PLACE}(?:,\s{_SHORT})?,\s{_DAY}\s{{0,20}}\((?P<mixed>{_MARK})\)"
    # Tehran, IRNA –   Damascus, SANA-   Tehran, June 5, IRNA –
    rf"|{_SHORT},\s(?:{_DAY},\s)?(?P<named>[A-Z]{{3,6}})\s?[-–—]{_NEXT}"
    # Islamabad, Pakistan –
    rf"|{_SHORT},\s{_SHORT}\s[–—]\s{_NEXT}{_LONG}(?![\s\S]{{0,300}}?\s[–—]\s))\s*"
)
_OPENS_LEAD = re.compile(_LEAD)


def agency_of(dateline: str) -> str | None:
    """Return the mark of the agency in a dateline: ``IP`` of ``Tehran (IP) -``."""
    match = _DATELINE.match(dateline + " ")
    return None if match is None else agency(match)


def find(own: str, n_body: int = 0) -> re.Match[str] | None:
    """Return the dateline with which a paragraph opens; after others, place and hyphen must open a lead."""
    first, head = own[:3], own[:250]
    may_be = "(" in head or first.upper() == first or ("," in head and ("-" in head or "–" in head or "—" in head))
    if not may_be:  # most, in a fifth of the time
        return None
    match = _DATELINE.match(own)
    if match and n_body and not agency(match) and match[0].rstrip()[-1] == "-":
        return match if _OPENS_LEAD.match(own, match.end()) else None
    return match


def agency(dateline: re.Match[str]) -> str | None:
    """Return the mark of the agency; what stands alone in brackets may be a place: (NEW YORK) —."""
    mark = next((mark for mark in dateline.groups() if mark), None)
    alone = mark and dateline.string[dateline.start()] == "(" and mark not in ("REUTERS", "XINHUA", "KYODO")
    return None if alone and mark.isupper() and (" " in mark or len(mark) > 4) else mark
