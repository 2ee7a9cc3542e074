"""Which proxy requests go through, and what speaks to it."""

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from bot.errors import ConnectionFailed
from bot.telegram.http import AiohttpRequest
from bot.telegram.socks import SCHEMES, SocksRequest

_HTTP: Final = ("http", "https")


def proxy_for(address: str, given: str = "") -> str | None:
    """Return the proxy to the server at `address`: the one that is `given`, else the environment's.

    The environment names it in `HTTPS_PROXY` (`HTTP_PROXY` for a server without HTTPS) or
    `ALL_PROXY`, and in `NO_PROXY` the servers that need none.

    Raises:
        ConnectionFailed: the environment names one of a kind that is not spoken.
    """
    if given:
        return given
    parts = urlsplit(address)
    found = getproxies_environment()
    proxy = found.get(parts.scheme) or found.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    scheme = urlsplit(proxy).scheme if "://" in proxy else ""
    if scheme == "":
        return f"http://{proxy}"
    if scheme not in (*_HTTP, *SCHEMES):
        raise ConnectionFailed(
            f"The environment names a proxy of the kind {scheme}://, which is not spoken: set "
            "STORYDESK_PROXY to one that begins with http://, https:// or socks5://."
        )
    return proxy


def request_through(
    proxy: str | None, *, connections: int, read_timeout_s: float
) -> AiohttpRequest:
    """Return what sends requests, through a proxy or straight."""
    kind = AiohttpRequest
    if proxy is not None and urlsplit(proxy).scheme in SCHEMES:
        kind = SocksRequest
    return kind(connections=connections, read_timeout_s=read_timeout_s, proxy=proxy)
