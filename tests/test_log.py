"""What is logged: sentences, and nothing of a reader's."""

import asyncio
import io
import logging

import pytest
from telegram import Bot
from telegram.ext import ExtBot

from bot import log

UPDATE = {
    "update_id": 1039,
    "message": {"from": {"id": 601, "first_name": "Wanda"}, "text": "where was Trump"},
    "poll": {"id": "1"},
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is logged from now on, as the command line would log it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(log.RedactingFormatter("%(levelname)s %(name)s %(message)s"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return lines


@pytest.mark.parametrize("name", sorted(log.FOREIGN))
def test_what_libraries_quote_is_not_logged(written: io.StringIO, name: str) -> None:
    logger = logging.getLogger(f"{name}.some.part")
    try:
        raise ValueError(str(UPDATE))
    except ValueError:
        logger.critical(
            "Error while parsing updates! Received data was %r", [UPDATE], exc_info=True
        )
    finished = f"Task exception was never retrieved\nfuture: <Task {UPDATE}>"
    logger.error(finished)
    text = written.getvalue()
    for secret in ("Wanda", "601", "where was Trump", "1039", "Traceback"):
        assert secret not in text
    assert "Error while parsing updates! Received data was … (ValueError)" in text
    assert "Task exception was never retrieved\n" in text


def test_our_own_lines_are_whole(written: io.StringIO) -> None:
    logging.getLogger("bot.app").warning("%s does not answer (%s)", "http://h", "TimedOut")
    assert written.getvalue() == "WARNING bot.app http://h does not answer (TimedOut)\n"


async def test_an_update_that_cannot_be_read_is_not_quoted(written: io.StringIO) -> None:
    bot: ExtBot[None] = ExtBot("42:TOKEN")

    async def post(*_: object, **__: object) -> list[object]:
        return [UPDATE]

    bot._post = post  # type: ignore[method-assign]
    with pytest.raises(Exception):  # noqa: B017,PT011 - whatever PTB makes of it
        await Bot.get_updates(bot)
    await asyncio.sleep(0)
    assert "Wanda" not in written.getvalue()
    assert "Trump" not in written.getvalue()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("GET https://a.example/?id=7&token=abc#x", "GET https://a.example/?id=7&token=<secret>#x"),
        (
            "'https://a.example/?X-Amz-Signature=abc'",
            "'https://a.example/?X-Amz-Signature=<secret>'",
        ),
        ("socks5://ada:p%40ss@127.0.0.1:1080 fails", "socks5://<secret>@127.0.0.1:1080 fails"),
        ("https://a.example/@ada?keyword=token", "https://a.example/@ada?keyword=token"),
    ],
)
def test_secrets_in_addresses_are_not_logged(said: str, shown: str) -> None:
    assert log.redact(said) == shown
