"""The sources that were named last come first."""

from datetime import timedelta

from db.engine import Database
from db.facts import facts, sources
from tests.factories import draft
from tests.samples import AT


async def test_recent_sources_come_newest_first_and_once(database: Database) -> None:
    async with database.writing() as session:
        assert await sources.recent(session, limit=3) == []
        for hour, source in enumerate(("TASS", "BBC", None, "TASS", "AP")):
            at = AT + timedelta(hours=hour)
            wished = draft(key=f"k{hour}", source=source)
            await facts.add(session, wished, editor=None, at=at)
        assert await sources.recent(session, limit=9) == ["AP", "TASS", "BBC"]
        assert await sources.recent(session, limit=2) == ["AP", "TASS"]
