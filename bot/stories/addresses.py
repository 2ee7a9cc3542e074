"""Addresses of the web that people type: which are refused, and what in them is worth a warning."""

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, urlsplit

_HOST: Final = re.compile(r"(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?![\w-])")
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))
"""Categories of characters that show nothing, or change in what order others are shown."""

_SECRETS: Final = re.compile(
    r"(?:^|[_-])(?:token|secret|passw(?:or)?d|pwd|apikey|api_?key|auth|credentials?|session(?:id)?"
    r"|sig|signature)(?:$|[_-])|^key$",
    re.IGNORECASE,
)


def fault_of(address: str) -> str | None:
    """Return why an address must not be shown to readers, in words; None where it may be.

    Refused is what leads elsewhere than it seems to: with a name before the host, with characters
    that cannot be seen or that turn the text around them, or with a backslash.
    """
    for character in address:
        if unicodedata.category(character) in _UNSEEN:
            return f"holds a character that cannot be seen (U+{ord(character):04X})"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no address of the web"
    if parts.scheme not in ("http", "https"):
        return "does not begin with http:// or https://"
    if not host:
        return "names no host"
    if "@" in parts.netloc:
        return f"has a name or a password before its host; it leads to {host}"
    if "\\" in address:
        return "holds a backslash, which browsers read in different ways"
    return None


def visible(address: str) -> str:
    """Return an address with every character that cannot be seen as its number."""
    return "".join(
        f"U+{ord(each):04X}" if unicodedata.category(each) in _UNSEEN else each for each in address
    )


def secret_in(address: str | None) -> str | None:
    """Return the name of what looks like a secret in an address, such as `token`; else None."""
    if not address:
        return None
    try:
        parts = urlsplit(address)
        named = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    except ValueError:
        return None
    return next((name for name, value in named if value and _SECRETS.search(name)), None)


def other_host(words: str, address: str) -> str | None:
    """Return the host that `address` leads to where `words` show another one; else None."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    shown = [each.removeprefix("www.") for each in _HOST.findall(words.lower())]
    leads_there = all(host == each or host.endswith(f".{each}") for each in shown)
    return None if leads_there else host
