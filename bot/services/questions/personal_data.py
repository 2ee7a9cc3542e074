"""Takes out what tells who asks: before the desk sees a question, and before it is kept there.

Pure. What is found is replaced by `REMOVED`, so that an editor sees that something stood there.
Numbers that news is made of (days, times, years, sums, counts, scores) stay.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

REMOVED: Final = "[removed]"


def cleaned(text: str) -> str:
    """Return `text` with phone numbers, addresses, accounts, ids and the asker's name removed.

    Applied to its own result it changes nothing.
    """
    text = _INVISIBLE.sub("", text)
    while True:
        fewer = text
        for step in _STEPS:
            fewer = step(fewer)
        if fewer == text:
            return text
        text = fewer


def is_empty(text: str) -> bool:
    """Return whether nothing is left of a cleaned text that could be answered."""
    return not any(sign.isalpha() for sign in text.replace(REMOVED, ""))


def _whole(pattern: str, flags: int = re.IGNORECASE) -> Callable[[str], str]:
    """Return what removes every match of `pattern`; of its group `it` alone where it has one."""
    compiled = re.compile(pattern, flags)

    def remove(text: str) -> str:
        return compiled.sub(_replaced, text)

    return remove


def _replaced(found: re.Match[str]) -> str:
    if "it" not in found.re.groupindex:
        return REMOVED
    start, end = (each - found.start() for each in found.span("it"))
    return found[0][:start] + REMOVED + found[0][end:]


_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASH: Final = r"\-\u2010-\u2015\u2212"

# Links: kept where they lead to a page that everybody sees, since a source helps the desk.
_END: Final = r"[^\s<>\"()\[\]]*[^\s<>\"()\[\].,;:?!]"
_LINK: Final = re.compile(rf"(?:https?://|www\.|tg://){_END}", re.IGNORECASE)
_OF_A_PERSON: Final = re.compile(
    r"(?:https?://)?\b(?:[\w-]+\.)*(?:t\.me|telegram\.me|wa\.me|whatsapp\.com|facebook\.com|fb\.com|m\.me|vk\.com"
    r"|ok\.ru|instagram\.com|twitter\.com|x\.com|linkedin\.com|tiktok\.com|threads\.net)/" + _END,
    re.IGNORECASE,
)
_WITH_ID: Final = re.compile(r"[?#@]|^tg:|\d{6,}|(?=\w*\d)(?=\w*[a-z])\w{16,}", re.IGNORECASE)


def _links(text: str) -> str:
    text = _OF_A_PERSON.sub(REMOVED, text)
    return _LINK.sub(lambda found: REMOVED if _WITH_ID.search(found[0]) else found[0], text)


_MAILS: Final = (
    r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+",
    r"[\w.+-]+\s?[\[({](?:at|@)[\])}]\s?[\w-]+(?:\s?(?:[\[({](?:dot|\.)[\])}]|\.)\s?[\w-]+)+",
    r"[\w.+-]+ (?:at|@) (?:gmail|googlemail|yahoo|outlook|hotmail|icloud|proton|protonmail|ukr|mail"
    r"|gmx|yandex)(?:\.| dot )\w+",
)
_USERNAME: Final = r"(?<![\w@/.])@[a-z]\w{2,31}"

# Accounts and cards.
_IBAN: Final = re.compile(
    r"\b[A-Za-z]{2}\d{2}(?:[A-Za-z0-9]{11,30}\b|(?:[ -][A-Za-z0-9]{1,4}\b){3,8})"
)
_SIGNS: Final = re.compile(r"[^A-Za-z0-9]")
_CARD: Final = re.compile(rf"(?<![\d.,])\d(?:[\s{_DASH}]?\d){{12,18}}(?![\d.,]?\d)")

_CARD_ALONE: Final = re.compile(r"(?<![\d])\d{13,19}(?!\d)")


def _accounts(text: str) -> str:
    return _IBAN.sub(_without_account, text)


def _without_account(found: re.Match[str]) -> str:
    """Remove the longest beginning that is an account number; words behind it stay."""
    pieces = re.split(r"([ -])", found[0])
    longest = None
    for last in range(len(pieces), 0, -2):
        account = _SIGNS.sub("", "".join(pieces[:last]))
        if 15 <= len(account) <= 34 and _checks(account):
            return REMOVED + "".join(pieces[last:])
        if longest is None and pieces[last - 1].isdigit() and 15 <= len(account) <= 34:
            longest = last  # mistyped, and an account all the same
    return found[0] if longest is None else REMOVED + "".join(pieces[longest:])


def _checks(account: str) -> bool:
    """Return whether the check digits of an IBAN fit: ISO 13616, the number modulo 97 is 1."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _cards(text: str) -> str:
    text = _CARD.sub(lambda found: REMOVED if _luhn(found[0]) else found[0], text)
    return _CARD_ALONE.sub(lambda found: REMOVED if _luhn(found[0]) else found[0], text)


def _luhn(number: str) -> bool:
    """Return whether a card number's check digit fits: Luhn, ISO/IEC 7812."""
    digits = [int(sign) for sign in number if sign.isdecimal()]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return any(digits) and (sum(digits[-1::-2]) + doubled) % 10 == 0


# Numbers of people.
_IDS: Final = (
    r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])",  # United States
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",  # Britain
    r"\b(?:passport|ssn|social security|nino|national insurance|national id|id card|identity card"
    r"|personal (?:code|number)|tax (?:id|number)|tin|pesel|rnokpp|ipn|inn|snils|инн|снилс|паспорт"
    r"|ипн|рнокпп|іпн)\b(?:\s+(?:number|no\.?|card|is|code|№|#))*\s*[:#№]?\s*"
    r"(?P<it>(?=[a-zа-яіїє]{0,3}[ -]?\d)[a-zа-яіїє]{0,3}[ -]?\d[\d -]{4,14}\d)",
)
_COORDINATES: Final = r"(?<![\d.])-?\d{1,3}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}(?!\d)"
_ADDRESS_4: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")


def _machines(text: str) -> str:
    return _ADDRESS_4.sub(lambda found: REMOVED if _is_machine(found[0]) else found[0], text)


def _is_machine(address: str) -> bool:
    try:
        return bool(ipaddress.IPv4Address(address))
    except ValueError:
        return False


# Phones. Without a plus or words that announce one, only the shapes that no count has.
_DIALLED: Final = re.compile(
    r"(?P<said>\b(?:phone|tel|telephone|mobile|cell|whatsapp|viber|signal|fax|hotline|reach me"
    r"|call me|text me|ring me|my number|телефон|тел|номер)\b"
    r"[\s.:]*(?:(?:number|is|at|on|no\.?|№)[\s:]*){0,3})?"
    rf"(?<![\w.,$€£₴₽])(?P<it>\+?(?:\(\+?\d{{1,5}}\)|\d)[\d()\s./{_DASH}]{{3,24}}\d)"
    r"(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"(?<!\d)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d{2})(?!\d)"
)
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:[\s.]\d{3})+")
_UNPREFIXED: Final = re.compile(
    rf"0[\d()\s./{_DASH}]+|\(?\d{{3}}\)?[\s.{_DASH}]\d{{3}}[\s.{_DASH}]\d{{4}}"
    rf"|8[\s{_DASH}]?\(?\d{{3}}\)?[\s{_DASH}]?\d{{3}}[\s{_DASH}]?\d{{2}}[\s{_DASH}]?\d{{2}}"
    rf"|1[\s{_DASH}.]\(?\d{{3}}\)?[\s.{_DASH}]\d{{3}}[\s.{_DASH}]\d{{4}}|\(\d{{2,5}}\)[\d\s{_DASH}]+"
)


def _phones(text: str) -> str:
    return _DIALLED.sub(
        lambda found: _replaced(found) if _is_phone(found["it"], found["said"]) else found[0], text
    )


def _is_phone(number: str, said: str | None) -> bool:
    digits = "".join(sign for sign in number if sign.isdecimal())
    if number.startswith(("+", "00")):
        return 8 <= len(digits) <= 17
    if _DAY.search(number):
        return False
    if said:
        return len(digits) >= 5
    if _THOUSANDS.fullmatch(number):
        return False
    if number.isdecimal():
        return 9 <= len(digits) <= 15 and not digits.endswith("000") and len(set(digits)) > 1
    return 9 <= len(digits) <= 12 and _UNPREFIXED.fullmatch(number) is not None


# Where somebody lives.
_MONTHS: Final = (
    r"(?!(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\b)"  # a day, not a house
)
_FAMOUS: Final = r"(?<![\w.,:/-])(?!10 Downing\b|1600 Pennsylvania\b)"
_CAPITAL: Final = r"[A-ZÀ-ÞА-ЯІЇЄҐ][\w'’-]*"
_SURE: Final = r"street|avenue|road|lane|boulevard|blvd|ave|rd"
_STREET: Final = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Place|Pl"
    r"|Terrace|Way|Close|Crescent|Gardens)\b\.?"
)
_FLAT: Final = (
    r"(?:,? *(?i:apt|apartment|flat|unit|suite|кв|app)\.? *#?\w{1,5})?"
    rf"(?:,? *{_CAPITAL}(?: {_CAPITAL})?,? *(?:[A-Z]{{2}} *)?\d{{5}}(?:-\d{{4}})?)?"
)
_HOMES_AS_WRITTEN: Final = (
    rf"{_FAMOUS}\d{{1,5}}[A-Za-z]?,? (?i:{_MONTHS})"
    rf"(?:{_CAPITAL} ){{1,3}}{_STREET}{_FLAT}",
    r"\b[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b",  # British post codes
    r"(?<=, )[A-Z]{2} \d{5}(?:-\d{4})?\b",  # American ones
)
_HOMES: Final = (
    rf"\b(?:at|on|to|address(?: is)?|lives?|living|home(?: is)?)\s*:? "
    rf"(?P<it>(?!10 downing)\d{{1,5}}[a-z]?,? "
    rf"{_MONTHS}(?:(?!(?:the|a|of|in|on|at|and)\b)[\w'’-]+ ){{1,2}}(?:{_SURE})\b\.?)",
    r"\b(?:ul\.|ulitsa|vul\.|vulytsia|prospekt|вул\.?|вулиц[яі]|ул\.?|улиц[аеы]|просп\.?"
    r"|проспект[уі]?|calle|rua|ulica)\s*(?:[^\W\d][\w'’.-]*\s*){1,3},?\s*(?:д\.?|буд\.?|no\.?)?\s*\d{1,4}\w?"
    r"(?:,?\s*(?:кв|apt|app|flat)\.?\s*\d{1,4})?",
    r"\b[^\W\d]{3,}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse)\s+\d{1,4}[a-z]?\b(?:,?\s+\d{5}\b)?",
    r"\b\d{1,4}(?: ?bis)?,? (?:rue|avenue|boulevard) (?:de |du |des |la |le |les |d['’]|l['’])*"
    r"[\w'’-]+",
    r"\bp\.? ?o\.? ?box\s*#?\d+",
    r"\b(?:flat|apartment|apt)\.? ?#?\d{1,4}[a-z]?,? (?=\[removed\])",
)

# How the asker is called.
_NO_NAME: Final = (
    r"(?!(?:not|no|on|in|the|a|and|but|or|from|who|what|when|where|why|how|which|is|was|did|does|do"
    r"|can|will|are|i|we|tell|please|to|of|it|that|this)\b)"
)
_INTRODUCED: Final = (
    r"\b(?:my (?:full |first |last )?name(?:['’]?s| is)|i am called|i['’]m called|меня зовут"
    r"|мене звати|мене звуть|ich hei(?:ß|ss)e|je m['’]appelle|me llamo|mi chiamo)[ :]+"
)
_WORD: Final = r"[^\W\d_][\w'’-]*"
_NAMES: Final = (
    rf"{_INTRODUCED}(?P<it>{_NO_NAME}{_WORD}"
    rf"(?: {_NO_NAME}(?:(?-i:{_CAPITAL})|{_WORD}(?=\s*(?:[,.;:?!\n]|$| and | from | i )))){{0,2}})",
)
_NAMES_AS_WRITTEN: Final = (
    rf"\b(?i:call me|this is) (?P<it>{_CAPITAL}(?: {_CAPITAL})?)"
    r"(?=(?: here| speaking)?\s*(?:[,.;\n]|$))",
    rf"\bI(?:['’]m| am) (?P<it>{_CAPITAL}(?: {_CAPITAL}){{0,2}})(?= from\b| here\b)",
    rf"\bI(?:['’]m| am) (?P<it>{_CAPITAL} {_CAPITAL}(?: {_CAPITAL})?)(?=\s*(?:[,.;\n]|$| and\b))",
    rf"(?i:regards|sincerely|yours|best wishes|thanks|thank you|cheers)[,.]\s*(?P<it>{_CAPITAL}"
    rf"(?: {_CAPITAL})?)(?=\W*$)",
)

_STEPS: Final[tuple[Callable[[str], str], ...]] = (
    _links,
    *(_whole(pattern) for pattern in _MAILS),
    _accounts,
    _cards,
    _machines,
    _whole(_COORDINATES),
    *(_whole(pattern) for pattern in _IDS),
    _phones,
    _whole(_USERNAME),
    *(_whole(pattern, 0) for pattern in _HOMES_AS_WRITTEN),
    *(_whole(pattern) for pattern in _HOMES),
    *(_whole(pattern) for pattern in _NAMES),
    *(_whole(pattern, 0) for pattern in _NAMES_AS_WRITTEN),
)
