"""The doctor: everything that an installation needs, each found in order or with what mends it."""

import asyncio
import importlib.util
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.clock import Clock, now
from bot.errors import ConnectionFailed, SettingError, StoreError
from bot.operations.server import ServerView, look
from bot.services.files import backups
from bot.settings import ENV_FILE, Settings, exposed, public
from bot.storage import in_our_words
from bot.telegram.proxies import proxy_for
from db import lock, schema
from db.address import file_of
from db.errors import StoreFault
from db.files import copies

LEAST_FREE: Final = 200_000_000
"""Bytes that must be free beside the database, and as much again as it holds."""

LARGEST_DRIFT: Final = timedelta(seconds=30)
"""How far this machine's clock may be off the server's."""

RECENT: Final = timedelta(hours=1)
"""How long an error of the webhook is taken to last."""

SAMPLE_ZONE: Final = "Pacific/Auckland"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    note: str = ""  # what was found
    fix: str | None = None  # what to do; None: it is in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the doctor asks the machine; a test gives its own."""

    clock: Clock = now
    settings_file: Path = Path(ENV_FILE)
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    zone: Callable[[str], object] = ZoneInfo
    font: Callable[[], Path | None] = lambda: _font()


async def examine(settings: Settings, machine: Machine | None = None) -> list[Finding]:
    """Return what was found, in the order in which it is best mended. Changes nothing."""
    machine = machine or Machine()
    findings = [_settings_file(machine.settings_file)]
    try:
        proxy = proxy_for(settings.api_url, settings.proxy)
    except ConnectionFailed as error:
        proxy, is_usable = None, False
        findings.append(Finding(name="proxy", fix=f"{error} Then the token can be looked at too."))
    else:
        is_usable = True
        findings.append(_proxy(proxy))
    findings += await asyncio.to_thread(lambda: list(_stored(settings, machine)))
    findings += [_zones(machine), _fonts(machine)]
    if settings.token is None:
        token = Finding(
            name="token", fix="set STORYDESK_TOKEN to the token that @BotFather gave you"
        )
        return [*findings, token]
    if not is_usable:
        return findings
    view = await look(settings.api_url, settings.token.get_secret_value(), proxy=proxy)
    return [*findings, *_server(settings, view, machine.clock())]


def token_fix(view: ServerView, api_url: str) -> str | None:
    """Return what to do about the token or the way to the server; None where both are fine."""
    if view.refuses_token:
        return (
            f"{api_url} does not accept the token: take the current one from @BotFather "
            "(/mybots, API Token) and set STORYDESK_TOKEN to it"
        )
    if view.status == 0:
        return f"{api_url} cannot be reached ({view.trouble}): mend the network, or the proxy"
    if view.bot is None:
        return (
            f"{api_url} answers with {view.trouble}, not as a Bot API does: set STORYDESK_API_URL "
            "to what stands before /bot<token>"
        )
    return None


def _settings_file(path: Path) -> Finding:
    if not path.exists():
        return Finding(name="settings file", note=f"no {path}; settings come from elsewhere")
    try:
        fix = exposed(path)
    except SettingError as error:
        fix = str(error)
    if fix is not None:
        return Finding(name="settings file", fix=fix)
    is_private = not path.stat().st_mode & 0o077
    note = "for its owner alone" if is_private else "which holds no secret"
    return Finding(name="settings file", note=f"{path}, {note}")


def _proxy(proxy: str | None) -> Finding:
    return Finding(name="proxy", note="none" if proxy is None else public(proxy))


def _stored(settings: Settings, machine: Machine) -> Iterator[Finding]:
    try:
        with in_our_words():
            path = file_of(settings.database)
    except StoreError as error:
        yield Finding(name="database", fix=str(error))
        return
    yield from _database(path)
    if path.parent.is_dir():
        yield _disk(path, machine.free_bytes(path.parent))
    if settings.backup_dir:
        every = timedelta(hours=settings.backup_hours)
        yield _backups(path, Path(settings.backup_dir).expanduser(), every, machine.clock())


def _database(path: Path) -> Iterator[Finding]:
    folder = path.parent
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        yield Finding(
            name="database",
            fix=f"{folder} is no folder that this user may write in: make it, or chown it, or set "
            "STORYDESK_DATABASE to a file elsewhere",
        )
        return
    if not path.exists():
        yield Finding(name="database", note=f"{path} is made at the first start")
        return
    if (fault := _unusable(path)) is not None:
        yield Finding(name="database", fix=fault)
        return
    try:
        held = "a bot runs on it" if lock.is_held(path) else "no bot runs on it"
    except StoreFault as fault:
        yield Finding(name="database", fix=str(fault))
        return
    yield Finding(name="database", note=f"{path} can be read and written; {held}")
    if path.stat().st_mode & 0o077:
        yield Finding(
            name="database permissions",
            fix=f"others can read what readers wrote: chmod 600 {path}",
        )
    else:
        yield Finding(name="database permissions", note="for its owner alone")
    yield _migrations(path)


def _unusable(path: Path) -> str | None:
    """Return why a database cannot be read and written, and what to do; None where it can be."""
    if not os.access(path, os.R_OK | os.W_OK):
        return f"this user may not write {path}: chown it to the user that runs the bot"
    try:
        with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            version = schema.version_in(connection)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return f"another process has been writing to {path} for seconds: end it"
        return f"{path} cannot be used ({error}): storydesk db check says more"
    except sqlite3.DatabaseError as error:
        return f"{path} is damaged or no database ({error}): storydesk db restore BACKUP"
    if version is None:
        return f"{path} is no database of Storydesk: set STORYDESK_DATABASE to another file"
    return None


def _migrations(path: Path) -> Finding:
    with copies.reading(path) as connection:
        version = schema.version_in(connection) or ""
    newest = schema.newest()
    if version > newest:
        return Finding(
            name="migrations",
            fix=f"the database has schema {version}, this version knows {newest}: install the "
            "version of Storydesk that wrote it, or a newer one",
        )
    if version < newest:
        note = f"{version}; storydesk run makes a backup and upgrades it to {newest}"
        return Finding(name="migrations", note=note)
    return Finding(name="migrations", note=f"none pending ({version})")


def _disk(path: Path, free: int) -> Finding:
    size = path.stat().st_size if path.exists() else 0
    wanted = LEAST_FREE + size
    if free < wanted:
        return Finding(
            name="disk",
            fix=f"{free / 1e6:,.0f} MB are free in {path.parent}, {wanted / 1e6:,.0f} are needed: "
            "make room",
        )
    return Finding(name="disk", note=f"{free / 1e6:,.0f} MB are free")


def _backups(path: Path, folder: Path, every: timedelta, at: datetime) -> Finding:
    parent = next(each for each in (folder, *folder.parents) if each.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        return Finding(
            name="backups",
            fix=f"this user cannot write in {folder}: chown it, or set STORYDESK_BACKUP_DIR to "
            "another folder",
        )
    newest = backups.newest_at(path, folder)
    if newest is None:
        return Finding(name="backups", note="none yet; the running bot makes the first")
    if at - newest > 2 * every:
        return Finding(
            name="backups",
            fix=f"the newest is of {newest:%d %B %Y %H:%M} UTC: start the bot, and look for "
            "“backup” in its log",
        )
    return Finding(name="backups", note=f"the newest is of {newest:%d %B %Y %H:%M} UTC")


def _zones(machine: Machine) -> Finding:
    try:
        machine.zone(SAMPLE_ZONE)
    except (KeyError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return Finding(
            name="time zones", fix="the time zones are missing: pip install --upgrade tzdata"
        )
    return Finding(name="time zones", note="there")


def _font() -> Path | None:
    """Return the file of the font in which pictures are written; None where nothing draws."""
    found = importlib.util.find_spec("matplotlib")  # finding it is quick, importing it is not
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"


def _fonts(machine: Machine) -> Finding:
    font = machine.font()
    if font is None or not font.is_file():
        return Finding(
            name="fonts",
            fix="the font of pictures is missing: pip install --force-reinstall matplotlib",
        )
    return Finding(name="fonts", note=font.stem)


def _server(settings: Settings, view: ServerView, at: datetime) -> Iterator[Finding]:
    if (fix := token_fix(view, settings.api_url)) is not None:
        yield Finding(name="token", fix=fix)
        if view.date is not None:
            yield _clock(view.date, at)
        return
    assert view.bot is not None  # noqa: S101 - else there was something to mend
    yield Finding(name="token", note=f"@{view.bot.get('username')}")
    if view.date is not None:
        yield _clock(view.date, at)
    yield _inline(view)
    yield from _groups(view)
    yield _webhook(settings, view, at)


def _clock(server: datetime, at: datetime) -> Finding:
    drift = at - server
    if abs(drift) > LARGEST_DRIFT:
        side = "ahead of" if drift > timedelta(0) else "behind"
        return Finding(
            name="clock",
            fix=f"this machine's clock is {abs(drift).total_seconds():,.0f} s {side} the "
            "server's: timedatectl set-ntp true",
        )
    return Finding(name="clock", note="as the server's")


def _inline(view: ServerView) -> Finding:
    assert view.bot is not None  # noqa: S101 - as in `_server`
    if view.bot.get("supports_inline_queries"):
        return Finding(
            name="inline mode",
            fix="it is on, and the bot answers no inline queries: @BotFather, /setinline, /empty",
        )
    return Finding(name="inline mode", note="off")


def _groups(view: ServerView) -> Iterator[Finding]:
    assert view.bot is not None  # noqa: S101 - as in `_server`
    if view.bot.get("can_read_all_group_messages"):
        yield Finding(
            name="group privacy",
            fix="it is off, so that everything written in groups is sent to the bot, which needs "
            "only what is meant for it: @BotFather, /setprivacy, Enable",
        )
    else:
        yield Finding(name="group privacy", note="on")
    may = view.bot.get("can_join_groups", True)
    yield Finding(
        name="groups",
        note="it can be added to groups" if may else "none can add it (@BotFather, /setjoingroups)",
    )


def _webhook(settings: Settings, view: ServerView, at: datetime) -> Finding:
    webhook = view.webhook or {}
    url, wanted = str(webhook.get("url") or ""), settings.webhook_url
    host = urlsplit(url).hostname
    if url and not wanted:
        return Finding(
            name="updates",
            fix=f"Telegram brings them to {host}, this bot would ask for them: start the bot, "
            "which takes that webhook down, or set STORYDESK_WEBHOOK_URL",
        )
    if url != wanted and url:
        return Finding(
            name="updates",
            fix=f"Telegram brings them to {host}, STORYDESK_WEBHOOK_URL says otherwise: start the "
            "bot again, which sets it, and end any other with this token",
        )
    failed_at = webhook.get("last_error_date")
    if wanted and isinstance(failed_at, int):
        when = datetime.fromtimestamp(failed_at, UTC)
        if at - when < RECENT:
            return Finding(
                name="updates",
                fix=f"Telegram could not bring them at {when:%H:%M} UTC "
                f"({str(webhook.get('last_error_message', ''))[:200]}): mend the proxy before "
                "STORYDESK_WEBHOOK_LISTEN",
            )
    if wanted and not url:
        return Finding(name="updates", note="the webhook is set when the bot is started")
    return Finding(name="updates", note="a webhook, as set" if wanted else "asked for; no webhook")
