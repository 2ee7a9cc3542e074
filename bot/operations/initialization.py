"""Sets an installation up: the file of settings, for its owner alone, and a story."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

from bot import founding, log, storage
from bot.errors import ConnectionFailed, SettingError
from bot.operations import doctor, server
from bot.settings import ENV_FILE, LOOKS_LIKE, TELEGRAM, Settings, is_user_id
from bot.telegram.proxies import proxy_for
from db.address import file_of

TRIES: Final = 3
"""How often the token is asked for."""


class Ask(Protocol):
    """Asks a person and returns what they typed, "" for nothing."""

    def __call__(self, question: str, *, hidden: bool) -> str:
        """Return the answer; a `hidden` one is not shown while it is typed."""


async def initialize(
    ask: Ask, *, api_url: str, database: str, proxy: str = "", file: Path = Path(ENV_FILE)
) -> list[str]:
    """Ask five questions at most, write the file of settings and return what to tell the person.

    `proxy` is the one that the settings name.

    Raises:
        SettingError: the file is there already, or an answer is not accepted; nothing is written.
        ConnectionFailed: the server cannot be reached; nothing is written.
        StoreError: the story cannot be begun; the file of settings is written.
    """
    _must_be_free(file)
    through = proxy_for(api_url, proxy)
    token, username = await _token(ask, api_url, through)
    owner = await _owner(ask, api_url, token, through)
    wished = _story(ask) if not _exists(database) else None
    lines = [f"STORYDESK_TOKEN={token}"]
    if owner is not None:
        lines.append(f"STORYDESK_OWNERS={owner}")
    if api_url != TELEGRAM:
        lines.append(f"STORYDESK_API_URL={api_url}")
    if proxy:
        lines.append(f"STORYDESK_PROXY={proxy}")
    _write(file, "\n".join([*lines, ""]))
    said = [f"Wrote {file}, which only you can read. The bot is @{username}."]
    if wished is not None:
        said.append(founding.begun(await founding.exchange(database, wished)))
    return [*said, *_next(owner)]


async def _token(ask: Ask, api_url: str, proxy: str | None) -> tuple[str, str]:
    """Return a token that the server accepts, and the bot's name."""
    fix: str | None = "there is no token"
    for _ in range(TRIES):
        token = ask("Token from @BotFather (it is not shown)", hidden=True).strip()
        try:
            checked = Settings(token=token).token
        except ValueError:
            checked = None
        if checked is None:
            fix = LOOKS_LIKE
            continue
        log.hide(token)
        view = await server.look(api_url, token, proxy=proxy)
        fix = doctor.token_fix(view, api_url)
        if fix is None and view.bot is not None:
            return token, str(view.bot.get("username"))
        if not view.refuses_token:
            raise ConnectionFailed(f"{fix}. Nothing was written.")
    raise SettingError(f"The token was not accepted: {fix}. Nothing was written.")


async def _owner(ask: Ask, api_url: str, token: str, proxy: str | None) -> int | None:
    """Return the number of the desk's owner; None: the bot's first link makes one."""
    said = ask("Owner of the desk: your Telegram id or @name; empty for a link", hidden=False)
    said = said.strip()
    if not said:
        return None
    if said.startswith("@"):
        return await server.chat_number(api_url, token, said, proxy=proxy)
    if not is_user_id(said):
        raise SettingError(
            f"The owner {said!r} is no Telegram id, such as 123456789, and no @name."
        )
    return int(said)


def _story(ask: Ask) -> dict[str, str] | None:
    """Return the fields of a story as they are stored; None for the bundled one."""
    title = ask("Title of your story; empty to try the bundled one", hidden=False).strip()
    if not title:
        return None
    asked: dict[str, str | None] = {"title": title, "language": "en"}
    for name in ("about", "place"):
        asked[name] = ask(founding.ASKS[name], hidden=False)
    return dict(founding.complete(asked, None))


def _exists(database: str) -> bool:
    with storage.in_our_words():
        return file_of(database).exists()


def _must_be_free(file: Path) -> None:
    if file.exists():
        raise SettingError(
            f"{file} is there already and is left as it is: change it by hand, or move it away."
        )


def _write(file: Path, text: str) -> None:
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise SettingError(f"{file} cannot be written ({error.strerror}).") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(text)


def _next(owner: int | None) -> Iterator[str]:
    if owner is None:
        yield "storydesk run prints a link that makes whoever opens it first the owner."
    yield "Next: storydesk doctor looks everything over, storydesk run starts the bot."
