"""HTTP to the Bot API through a SOCKS proxy: httpx behind the same interface.

Slower than aiohttp, which speaks to HTTP proxies alone.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.telegram.http import TOKEN_PATH, AiohttpRequest, NotSent, NotSentInTime

SCHEMES: Final = ("socks5", "socks5h")
"""With both the proxy looks up the name of the server."""


class SocksRequest(AiohttpRequest):
    """The connections of one httpx client, through the SOCKS proxy that was given."""

    _client: httpx.AsyncClient | None = None

    async def initialize(self) -> None:
        """Open the client; does nothing if it is open."""
        if self._client is None:
            self._free = asyncio.Semaphore(self._connections)
            self._client = httpx.AsyncClient(
                proxy=self._proxy,
                trust_env=False,
                headers={"User-Agent": self.USER_AGENT},
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=None),
            )

    async def shutdown(self) -> None:
        """Close the client and its connections; does nothing if it is closed."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    @property
    def is_open(self) -> bool:
        """Whether it is initialized and not shut down."""
        return self._client is not None

    async def _send(
        self,
        url: str,
        method: str,
        content: RequestData | Mapping[str, str] | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        assert self._client is not None  # noqa: S101 - looked at by the caller
        try:
            data, files = _form(content)
            async with asyncio.timeout(limits.total):
                response = await self._client.request(
                    method,
                    url,
                    data=data,
                    files=files,
                    timeout=httpx.Timeout(
                        limits.total, connect=limits.sock_connect, read=limits.sock_read, pool=None
                    ),
                )
                self.server_date = response.headers.get("Date")
                return response.status_code, response.content
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise NotSentInTime("No connection in time; the request was *not* sent") from None
        except (httpx.TimeoutException, TimeoutError):
            raise TimedOut from None
        except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
            raise NotSent(self._told(error)) from None
        except httpx.HTTPError as error:
            raise NetworkError(TOKEN_PATH.sub("/bot<token>", type(error).__name__)) from None

    def _told(self, error: Exception) -> str:
        """Return what went wrong in words, without the proxy's password."""
        parts = urlsplit(self._proxy or "")
        where = f"{parts.hostname}:{parts.port}"
        if isinstance(error, httpx.ProxyError):
            said = TOKEN_PATH.sub("/bot<token>", str(error)).rstrip(".")
            return f"the proxy {where} refused: {said}"
        return f"the proxy {where}, or the server through it, cannot be reached"


def _form(
    content: RequestData | Mapping[str, str] | None,
) -> tuple[dict[str, str] | None, Mapping[str, Any] | None]:
    """Return the fields of a form and its files, as httpx takes them."""
    if content is None:
        return None, None
    if isinstance(content, Mapping):
        return dict(content), None
    return content.json_parameters, content.multipart_data if content.contains_files else None
