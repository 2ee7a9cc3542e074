"""Five questions at most, a file of settings for its owner alone, and never over another."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import ConnectionFailed, SettingError
from bot.operations.initialization import initialize
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from db import story
from db.engine import Database
from tests.socks import socks_server


class Person:
    """Answers what is asked, in this order."""

    def __init__(self, *answers: str) -> None:
        self.left = list(answers)
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, question: str, *, hidden: bool) -> str:
        self.asked.append((question, hidden))
        return self.left.pop(0)


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def initialized(folder: Path, api: RehearsalServer, person: Person) -> Sequence[str]:
    return await initialize(
        person, api_url=api.url, database=str(folder / "own.sqlite3"), file=folder / ".env"
    )


async def test_five_questions_make_settings_and_a_story(
    tmp_path: Path, api: RehearsalServer
) -> None:
    person = Person(TOKEN, "123456789", "The bridge", "the bridge at Aldermere", "Lagos")
    said = await initialized(tmp_path, api, person)
    assert [hidden for _, hidden in person.asked] == [True, False, False, False, False]
    file = tmp_path / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().splitlines() == [
        f"STORYDESK_TOKEN={TOKEN}",
        "STORYDESK_OWNERS=123456789",
        f"STORYDESK_API_URL={api.url}",
    ]
    assert "@storydesk_rehearsal_bot" in said[0]
    assert TOKEN not in "".join(said)
    database = await Database.open(tmp_path / "own.sqlite3")
    async with database.reading() as session:
        begun = await story.get(session)
    await database.close()
    assert begun is not None
    assert (begun.title, begun.time_zone) == ("The bridge", "Africa/Lagos")


async def test_the_proxy_of_the_settings_is_used_and_written_too(
    tmp_path: Path, api: RehearsalServer
) -> None:
    async with socks_server() as socks:
        proxy = f"socks5://127.0.0.1:{socks.port}"
        await initialize(
            Person(TOKEN, "", ""),
            api_url=api.url,
            database=str(tmp_path / "own.sqlite3"),
            proxy=proxy,
            file=tmp_path / ".env",
        )
    assert f"STORYDESK_PROXY={proxy}" in (tmp_path / ".env").read_text().splitlines()
    assert {f"http://{host}:{port}" for host, port in socks.asked} == {api.url}


async def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path, api: RehearsalServer) -> None:
    (tmp_path / ".env").write_text("STORYDESK_KEEP_DAYS=7\n")
    person = Person()
    with pytest.raises(SettingError, match="is left as it is"):
        await initialized(tmp_path, api, person)
    assert person.asked == []
    assert (tmp_path / ".env").read_text() == "STORYDESK_KEEP_DAYS=7\n"


async def test_a_wrong_token_is_asked_for_again_and_written_nowhere(
    tmp_path: Path, api: RehearsalServer
) -> None:
    with pytest.raises(SettingError, match="not accepted") as refusal:
        await initialized(tmp_path, api, Person("nonsense", "1:abc", "700000001:other"))
    assert "700000001:other" not in str(refusal.value)
    assert names(tmp_path) == []
    said = await initialized(tmp_path, api, Person("nonsense", TOKEN, "", ""))
    assert any("prints a link" in each for each in said)
    assert names(tmp_path) == [".env"]  # the bundled story needs nothing


async def test_a_server_that_is_away_leaves_nothing(tmp_path: Path, api: RehearsalServer) -> None:
    api.faults.add(faults.page(), method="getMe")
    with pytest.raises(ConnectionFailed, match="Nothing was written"):
        await initialized(tmp_path, api, Person(TOKEN))
    assert names(tmp_path) == []
