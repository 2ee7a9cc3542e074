"""The doctor names each fault of an installation, and what mends it."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.operations import doctor
from bot.operations.doctor import Machine
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.settings import Settings
from db import migrating
from tests.socks import socks_server
from tests.telegram.test_http import free_port

HOOK = "https://bot.example.org/updates"
ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def settings(api: RehearsalServer, story_file: Path) -> Settings:
    story_file.chmod(0o600)
    return Settings(database=str(story_file)).against(api.url, TOKEN)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    file = tmp_path / ".env"
    file.write_text("STORYDESK_TOKEN=…")
    file.chmod(0o600)
    return Machine(
        clock=lambda: datetime.now(UTC),  # the server stamps its answers by the machine's clock
        settings_file=file,
        free_bytes=lambda _: 10**12,
    )


async def mended_by(settings: Settings, machine: Machine) -> dict[str, str]:
    found = await doctor.examine(settings, machine)
    assert len({each.name for each in found}) == len(found)
    return {each.name: each.fix for each in found if each.fix is not None}


async def test_an_installation_in_order_has_nothing_to_mend(
    settings: Settings, machine: Machine
) -> None:
    found = await doctor.examine(settings, machine)
    assert [each for each in found if each.fix is not None] == []
    assert {each.name for each in found} == {
        "settings file",
        "proxy",
        "database",
        "database permissions",
        "migrations",
        "disk",
        "time zones",
        "fonts",
        "token",
        "clock",
        "inline mode",
        "group privacy",
        "groups",
        "updates",
    }
    assert "@storydesk_rehearsal_bot" in {each.note for each in found}


def no_zone(name: str) -> object:
    raise KeyError(name)


Seed: TypeAlias = Callable[[Settings, Machine], tuple[Settings, Machine]]


def other(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update=changes)


def wide_settings(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    machine.settings_file.chmod(0o640)
    return settings, machine


def open_settings(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    machine.settings_file.chmod(0o666)
    return settings, machine


def wide_database(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    Path(settings.database).chmod(0o644)
    return settings, machine


def garbage(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    Path(settings.database).write_bytes(b"no database at all, " * 100)
    return settings, machine


def foreign(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    Path(settings.database).unlink()
    with closing(sqlite3.connect(settings.database)) as connection:
        connection.execute("CREATE TABLE things (name)")
    return settings, machine


def newer(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    return settings, machine


def old_backup(settings: Settings, machine: Machine) -> tuple[Settings, Machine]:
    folder = Path(settings.database).parent
    (folder / "bridge.backup-20250101-000000.sqlite3").touch()
    return other(settings, backup_dir=str(folder)), machine


def drifted(span: timedelta) -> Seed:
    return lambda settings, machine: (
        settings,
        replace(machine, clock=lambda: datetime.now(UTC) + span),
    )


SEEDED: dict[str, tuple[Seed, str, str]] = {
    "settings others can read": (wide_settings, "settings file", "chmod 600"),
    "settings everybody can write": (open_settings, "settings file", "chmod 600"),
    "database others can read": (wide_database, "database permissions", "chmod 600"),
    "no folder": (
        lambda s, m: (other(s, database=str(Path(s.database).parent / "no" / "x")), m),
        "database",
        "STORYDESK_DATABASE",
    ),
    "another kind of database": (
        lambda s, m: (other(s, database="mysql://x/y"), m),
        "database",
        "not supported",
    ),
    "no database": (garbage, "database", "storydesk db restore"),
    "another program's": (foreign, "database", "another file"),
    "written by newer code": (newer, "migrations", "install the version"),
    "full disk": (lambda s, m: (s, replace(m, free_bytes=lambda _: 10**6)), "disk", "make room"),
    "no time zones": (lambda s, m: (s, replace(m, zone=no_zone)), "time zones", "tzdata"),
    "no fonts": (
        lambda s, m: (s, replace(m, font=lambda: m.settings_file / "none.ttf")),
        "fonts",
        "matplotlib",
    ),
    "clock ahead": (drifted(timedelta(minutes=5)), "clock", "s ahead of the server's"),
    "clock behind": (drifted(timedelta(minutes=-5)), "clock", "s behind the server's"),
    "no such proxy": (
        lambda s, m: (other(s, proxy=f"http://name:secret@127.0.0.1:{free_port()}"), m),
        "token",
        "the proxy 127.0.0.1:",
    ),
    "no backups lately": (old_backup, "backups", "1 January 2025"),
    "no token": (lambda s, m: (other(s, token=None), m), "token", "@BotFather"),
    "token taken back": (
        lambda s, m: (s.against(s.api_url, "700000001:another"), m),
        "token",
        "does not accept the token",
    ),
    "nothing listens": (
        lambda s, m: (other(s, api_url=f"http://127.0.0.1:{free_port()}"), m),
        "token",
        "nothing listens at",
    ),
}


@pytest.mark.parametrize("seeded", SEEDED)
async def test_each_fault_is_named_with_what_mends_it(
    settings: Settings, machine: Machine, seeded: str
) -> None:
    seed, name, fix = SEEDED[seeded]
    settings, machine = seed(settings, machine)
    found = await mended_by(settings, machine)
    assert list(found) == [name]
    assert fix in found[name]
    assert TOKEN.partition(":")[2] not in found[name]
    assert "secret@" not in found[name]


async def test_a_proxy_that_is_not_spoken_is_named_and_the_server_is_not_asked(
    settings: Settings, machine: Machine, api: RehearsalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks4://10.0.0.1:1080")
    found = await mended_by(settings, machine)
    assert list(found) == ["proxy"]
    assert "set STORYDESK_PROXY to one that begins with" in found["proxy"]
    assert api.calls("getMe") == []


async def test_the_server_is_looked_at_through_the_proxy_of_the_settings(
    settings: Settings, machine: Machine, api: RehearsalServer
) -> None:
    async with socks_server(name="ada", password="secret") as socks:
        through = other(settings, proxy=f"socks5://ada:secret@127.0.0.1:{socks.port}")
        found = {each.name: each for each in await doctor.examine(through, machine)}
    assert [each for each in found.values() if each.fix is not None] == []
    assert found["proxy"].note == f"socks5://(hidden)@127.0.0.1:{socks.port}"
    assert found["clock"].note == "as the server's"  # its date comes through the proxy as well
    assert {f"http://{host}:{port}" for host, port in socks.asked} == {api.url}


def answers(result: dict[str, Any]) -> faults.Fault:
    return faults.odd(json.dumps({"ok": True, "result": result}).encode())


@pytest.mark.parametrize(
    ("method", "result", "name", "fix"),
    [
        ("getMe", ME | {"supports_inline_queries": True}, "inline mode", "/setinline"),
        ("getMe", ME | {"can_read_all_group_messages": True}, "group privacy", "/setprivacy"),
        ("getWebhookInfo", {"url": HOOK}, "updates", "takes that webhook down"),
    ],
)
async def test_each_fault_that_telegram_knows_is_named(
    settings: Settings,
    machine: Machine,
    api: RehearsalServer,
    method: str,
    result: dict[str, Any],
    name: str,
    fix: str,
) -> None:
    api.faults.add(answers(result), method=method)
    found = await mended_by(settings, machine)
    assert list(found) == [name]
    assert fix in found[name]


@pytest.mark.parametrize(
    ("webhook", "fix"),
    [
        ({"url": "https://other.example.org/x"}, "STORYDESK_WEBHOOK_URL says otherwise"),
        (
            {"url": HOOK, "last_error_date": 0, "last_error_message": "Connection refused"},
            "Connection refused",
        ),
        ({"url": HOOK}, None),
        ({"url": ""}, None),
    ],
)
async def test_a_webhook_that_is_not_as_set_is_named(
    settings: Settings,
    machine: Machine,
    api: RehearsalServer,
    webhook: dict[str, Any],
    fix: str | None,
) -> None:
    if "last_error_date" in webhook:
        webhook = webhook | {"last_error_date": int(machine.clock().timestamp()) - 60}
    api.faults.add(answers(webhook), method="getWebhookInfo")
    found = await mended_by(other(settings, webhook_url=HOOK), machine)
    assert list(found) == ([] if fix is None else ["updates"])
    assert fix is None or fix in found["updates"]


async def test_pending_migrations_are_no_fault_and_are_named(
    settings: Settings, machine: Machine
) -> None:
    migrating.downgrade(settings.database, to="0007")
    found = await doctor.examine(settings, machine)
    (migrations,) = (each for each in found if each.name == "migrations")
    assert migrations.fix is None
    assert migrations.note.startswith("0007; storydesk run makes a backup and upgrades it")
