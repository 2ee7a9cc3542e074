"""Whatever stands behind a command is done, or refused in words; no fact is half written."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DeskError
from bot.rehearsal.api.html import parse
from bot.services.answers.index_cache import IndexCache
from bot.services.facts.changes.conversation import Changes
from bot.services.facts.lookup import FactLookup
from bot.services.facts.reviews import Reviews
from bot.services.rights import Actor
from bot.views.facts import cards
from bot.views.facts import changes as views
from bot.views.facts import undo as others
from bot.views.message import Message
from db.engine import Database
from db.records import ChangeKind
from tests.factories import seat
from tests.services.newsdesk import added, fact, history, order, turn

WORDS = st.builds(
    "{}{}".format,
    st.sampled_from(["1 ", "#1", "", "2 ", "1\nStatus: ", "1\nSource: ", "999999999 "]),
    st.text(max_size=60)
    | st.sampled_from(["disputed", "<b>", "18:00", "It is & long.", "x" * 1001]),
)


@settings(max_examples=3)
@given(st.lists(WORDS, min_size=15, max_size=25))
def test_whatever_is_ordered_is_done_or_refused_in_words(typed: list[str]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_order_all(Path(folder) / "story.sqlite3", typed))


async def _order_all(path: Path, typed: list[str]) -> None:
    database = await Database.open(path)
    try:
        ada = await seat(database)
        await added(database)
        for words in typed:
            for number in range(6):
                text, refused = "", ""
                try:
                    text, _ = parse((await _done(database, ada, words, number)).text_html)
                except DeskError as error:
                    refused = str(error)
                assert text or refused
        versions = await history(database)
        stands = await fact(database)
        assert [each.version for each in versions] == list(range(1, stands.version + 1))
        assert versions[-1].text == stands.text
    finally:
        await database.close()


async def _done(database: Database, ada: Actor, words: str, number: int) -> Message:
    """Do what one of the commands says with `words` behind it, to its end."""
    changing, withdrawing = Changes(database), Changes(database)
    finding, keeping = FactLookup(database, IndexCache(database)), Reviews(database)
    match number:
        case 0:
            change = await changing.edit(ada, order(words))
            chosen = await changing.choose_kind(ada, *turn(change), ChangeKind.UPDATE)
            if chosen is None:
                return views.change(change)
            ready = await changing.choose_source(ada, *turn(chosen), 0) or chosen
            return views.change(await changing.publish(ada, *turn(ready)) or ready)
        case 1:
            return views.change(await changing.status(ada, order(words)))
        case 2:
            return views.change(await withdrawing.withdraw(ada, order(words)))
        case 3:
            return others.phrased(await keeping.phrase(ada, order(words)))
        case 4:
            return others.checked(await keeping.still(ada, order(words)))
        case _:
            return cards.card(await finding.card(ada, order(words)))
