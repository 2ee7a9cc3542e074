"""Settings: from the environment, then a `.env` file, then secret files; checked once, at start."""

import difflib
import os
import re
import shlex
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingError

PREFIX: Final = "STORYDESK_"
FREE_SENDS: Final = 30
"""Messages a second that Telegram lets a bot send for nothing:
<https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once>."""

TELEGRAM: Final = "https://api.telegram.org"
ENV_FILE: Final = ".env"
"""Read in the folder in which the bot is started."""

CLOSE: Final = 0.75
"""How alike a name must be to a setting's to be a slip of it; 1 is the same."""

SECRETS: Final = Path("/run/secrets")

LOOKS_LIKE: Final = "a token looks like 123456:ABC-DEF, as @BotFather gave it"
"""What is said of anything that has another shape."""

PROXIES: Final = ("http", "https", "socks5", "socks5h")
"""Kinds of proxies; with the last the proxy looks up the name of the server, as it always does."""

_LIKE_A_TOKEN: Final = re.compile(r"\d{3,}:[\w-]*[A-Za-z_][\w-]*")
_WITH_A_NAME: Final = re.compile(r"(?<=://)[^/?#@\s]+@")


class Settings(BaseSettings):
    """What an operator can set. Each field is the variable `STORYDESK_` + its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        extra="ignore",
        frozen=True,
    )

    token: Annotated[
        SecretStr | None,
        Field(description="the bot's token from @BotFather; without one only the rehearsal runs"),
    ] = None
    api_url: Annotated[
        str,
        Field(description="the Bot API server: what stands before /bot<token>"),
    ] = TELEGRAM
    database: Annotated[
        str,
        Field(description="where the facts live: an SQLite file or its sqlite:/// address"),
    ] = "storydesk.sqlite3"

    owners: Annotated[
        tuple[int, ...],
        NoDecode,
        Field(description="Telegram user ids of those who run the desk, comma-separated"),
    ] = ()

    webhook_url: Annotated[
        str,
        Field(
            description="where Telegram reaches the bot, https:// and a path; "
            "without it the bot asks for updates"
        ),
    ] = ""
    webhook_listen: Annotated[
        str,
        Field(description="where updates are taken behind the proxy that speaks HTTPS: host:port"),
    ] = "127.0.0.1:8080"
    proxy: Annotated[
        str,
        Field(
            description="the proxy to Telegram, http://, https:// or socks5://; without it that of "
            "the environment"
        ),
    ] = ""
    sends_per_second: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            description="messages a second: 30 is Telegram's free limit, more is paid in Stars",
        ),
    ] = FREE_SENDS
    questions_per_person: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="questions of one person a minute that are answered; 0 sets no limit",
        ),
    ] = 20
    questions_per_group: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="questions of one group a minute that are answered, a third of them one "
            "member's; 0 sets no limit",
        ),
    ] = 20
    resend_unsure: Annotated[
        bool,
        Field(description="whether an alert is sent again when nobody knows if it was sent"),
    ] = True
    meaning: Annotated[
        bool,
        Field(
            description="whether the sentence model is asked where facts have few ways of asking: "
            "on or off"
        ),
    ] = True
    readers_words: Annotated[
        bool,
        Field(
            description=(
                "whether words by which readers in two chats meant the same fact count a little "
                "before an editor looks at them"
            ),
        ),
    ] = True
    log_format: Annotated[
        Literal["text", "json"],
        Field(description="how each line of the log is written: text or json"),
    ] = "text"
    monitor_port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            description="the port on 127.0.0.1 for health and metrics; 0 for none",
        ),
    ] = 0
    operators_chat: Annotated[
        int | None,
        Field(description="the number of the chat that hears of incidents; without one nobody"),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="how much is logged: debug, info, warning or error"),
    ] = "info"
    backup_dir: Annotated[
        str,
        Field(description="the folder in which backups are made by themselves; without one none"),
    ] = ""
    backup_hours: Annotated[
        int,
        Field(ge=1, le=720, description="how many hours lie between two such backups"),
    ] = 24
    backup_keep: Annotated[
        int,
        Field(ge=1, le=1000, description="how many such backups are kept; the oldest are dropped"),
    ] = 7
    accept_changed_answers: Annotated[
        bool,
        Field(
            description="whether the bot starts after an upgrade that changes what saved questions "
            "get: on or off"
        ),
    ] = False
    keep_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            description="for how many days questions, and who was told what, are kept",
        ),
    ] = 30

    @property
    def keep(self) -> timedelta:
        """For how long questions, and who was told what, are kept."""
        return timedelta(days=self.keep_days)

    @property
    def webhook_socket(self) -> tuple[str, int]:
        """The host and the port at which updates are taken."""
        host, _, port = self.webhook_listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def window(self) -> int:
        """How many alerts may be in flight: those that a crash may double."""
        return max(8, min(128, round(self.sends_per_second / 8)))

    @property
    def burst(self) -> int:
        """How many answers may go to one chat at once; those after it are a second apart."""
        return self.questions_per_person or 1_000_000

    @property
    def pays_for_broadcasts(self) -> bool:
        """Whether alerts go faster than Telegram lets them go for nothing."""
        return self.sends_per_second > FREE_SENDS

    @field_validator("owners", mode="before")
    @classmethod
    def _ids(cls, owners: object) -> object:
        if not isinstance(owners, str):
            return owners
        ids = [each.strip() for each in owners.split(",") if each.strip()]
        if not all(map(is_user_id, ids)):
            raise ValueError("user ids are numbers, for example 123456789,987654321")
        return tuple(dict.fromkeys(map(int, ids)))

    @field_validator("operators_chat", mode="before")
    @classmethod
    def _chat(cls, chat: object) -> object:
        if not isinstance(chat, str):
            return chat
        digits = chat.strip().removeprefix("-")
        if digits and not _is_id(digits):
            raise ValueError("a chat is a number, for example -1001234567890")
        return int(chat) if digits else None

    @field_validator("token")
    @classmethod
    def _shaped_like_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or not token.get_secret_value().strip():
            return None
        number, colon, secret = token.get_secret_value().strip().partition(":")
        if not (number.isdigit() and colon and secret and secret.isascii() and " " not in secret):
            raise ValueError(LOOKS_LIKE)
        return SecretStr(token.get_secret_value().strip())

    @field_validator("api_url")
    @classmethod
    def _shaped_like_a_server(cls, api_url: str) -> str:
        if not api_url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return api_url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _shaped_like_a_proxy(cls, proxy: str) -> str:
        if not proxy.strip():
            return ""
        parts = urlsplit(proxy.strip())
        if parts.scheme not in PROXIES or not parts.hostname:
            raise ValueError(
                "an address such as socks5://127.0.0.1:1080; it begins with one of "
                f"{', '.join(f'{each}://' for each in PROXIES)}"
            )
        return proxy.strip()

    @field_validator("webhook_url")
    @classmethod
    def _reachable_by_telegram(cls, url: str) -> str:
        if url and not url.startswith("https://"):
            raise ValueError("an address begins with https://, since Telegram asks for it")
        return url

    @field_validator("webhook_listen")
    @classmethod
    def _shaped_like_a_socket(cls, listen: str) -> str:
        host, colon, port = listen.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and int(port) < 2**16):
            raise ValueError("a host and a port, for example 127.0.0.1:8080")
        return listen

    @field_validator("database")
    @classmethod
    def _named(cls, database: str) -> str:
        if not database.strip():
            raise ValueError("a file name or an address such as sqlite:///story.sqlite3")
        return database.strip()

    def against(self, api_url: str, token: str) -> "Settings":
        """Return these settings for a rehearsal on a Bot API server with the token that it knows.

        Nobody is kept from asking there.
        """
        unlimited = {"questions_per_person": 0, "questions_per_group": 0}
        return self.model_copy(update={"api_url": api_url, "token": SecretStr(token), **unlimited})

    def accepting_changed_answers(self) -> "Settings":
        """Return these settings for a start that accepts what an upgrade changes for readers."""
        return self.model_copy(update={"accept_changed_answers": True})


def is_user_id(text: str) -> bool:
    """Return whether a text is a number as Telegram gives to people."""
    return _is_id(text) and int(text) > 0


def _is_id(digits: str) -> bool:
    """Return whether digits are below 2^52, as Telegram's ids of people and chats are."""
    return digits.isascii() and digits.isdigit() and int(digits) < 2**52


def load(*, database: str | None = None) -> Settings:
    """Return the settings, with `database` from the command line where it was given.

    Raises:
        SettingError: something is not accepted; names every variable that is not, with its value
            (a secret is not shown) and what is accepted, and names that mean nothing.
    """
    try:
        loaded, faults = Settings() if database is None else Settings(database=database), []
    except ValidationError as error:
        loaded, faults = None, [_fault({**each}) for each in error.errors()]
    unknown = sorted(name for name in _given() if name not in _NAMES)
    faults += [fault for name in unknown if (fault := _misspelt(name)) is not None]
    if faults or loaded is None:
        raise SettingError("\n".join(faults))
    return loaded


def origin(name: str) -> str:
    """Return where the value of a field comes from, in words."""
    variable = f"{PREFIX}{name.upper()}"
    if variable in _environment():
        return "from the environment"
    if variable in _of_file():
        return f"from {ENV_FILE}"
    if (SECRETS / variable.lower()).is_file():
        return f"from {SECRETS / variable.lower()}"
    return "the default"


def public(address: str) -> str:
    """Return an address without the name and the password that may stand before its host."""
    return _WITH_A_NAME.sub("(hidden)@", address)


def exposed(path: Path | None = None) -> str | None:
    """Return that others may read the file of the settings, and what mends it; None where not.

    Raises:
        SettingError: others may write it, and so take over the bot.
    """
    file = path or Path(ENV_FILE)
    try:
        mode = file.stat().st_mode
    except OSError:
        return None
    mended = f"chmod 600 {shlex.quote(str(file.absolute()))}"
    if mode & stat.S_IWOTH:
        raise SettingError(
            f"Everybody on this machine may write {file}, and with it run the desk: {mended}"
        )
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    if not any(dotenv_values(file).get(f"{PREFIX}{name}") for name in ("TOKEN", "PROXY")):
        return None
    return f"Others on this machine may read {file}, which holds a secret: {mended}"


def _fault(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, and what would be right."""
    name = str(error["loc"][0])
    given = repr(error["input"])
    is_secret = name == "token" or _LIKE_A_TOKEN.search(given) is not None
    shown = "(hidden)" if is_secret else public(given)
    accepted = error["msg"].removeprefix("Value error, ")
    if error["type"] != "value_error":
        accepted = _accepted(name)
    return f"The setting {PREFIX}{name.upper()} has the value {shown}: {accepted}."


def _accepted(name: str) -> str:
    """Return what a field accepts, in words."""
    field = Settings.model_fields[name]
    if field.annotation is bool:
        return "write on or off"
    if choices := get_args(field.annotation):
        return f"write {', '.join(choices[:-1])} or {choices[-1]}"
    bounds = {type(each).__name__: each for each in field.metadata}
    least, most = bounds.get("Ge"), bounds.get("Le")
    return f"write a whole number from {getattr(least, 'ge', 0)} to {getattr(most, 'le', '…')}"


def _misspelt(name: str) -> str | None:
    """Return which setting a name is a slip of; None for one that is meant for somebody else.

    Where the bot runs as a service called storydesk, its surroundings may set STORYDESK_PORT.
    """
    known = {each.removeprefix(PREFIX): each for each in sorted(_NAMES)}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=CLOSE)
    return f"{name} is no setting: did you mean {known[near[0]]}?" if near else None


def _given() -> set[str]:
    """Return the names of settings that somebody gave, in the environment or in the file."""
    return {name for name in (*_environment(), *_of_file()) if name.startswith(PREFIX)}


def _environment() -> set[str]:
    return {name.upper() for name in os.environ}


def _of_file() -> set[str]:
    return {name.upper() for name in dotenv_values(ENV_FILE)}


_NAMES: Final = frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
