"""Whatever a member of the desk writes and presses: no fault, no broken message, no half a fact."""

import asyncio
from itertools import count
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import DeskError, NotAllowed
from bot.rehearsal.api.contract import formatted
from bot.services.answers.index_cache import IndexCache
from bot.services.desk.prompts import Prompts
from bot.services.facts.additions.conversation import Additions
from bot.services.facts.additions.state import Addition
from bot.stories.schema import LABELS
from bot.views.facts import additions as views
from db.engine import Database
from db.facts import facts
from db.records import Status
from db.records.desk import Role
from tests import bridge
from tests.factories import seat
from tests.samples import AT

GAPS = {"unknown": Status.UNKNOWN, "uncovered": Status.NOT_COVERED}
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["Who owns it?", "The city.", "TASS", "<b>&", "a | b | c", "|", "5/4", "big"]),
    st.sampled_from(["x" * 1001, "😀" * 1000, "How long is the bridge?\n512 metres.", "", "\n?"]),
)
LINES = st.builds("{}: {}".format, st.sampled_from(sorted(LABELS)), WORDS)
MESSAGES = st.lists(WORDS | LINES, max_size=5).map("\n".join)
ACTIONS = st.tuples(
    st.sampled_from(
        ["add", *GAPS, "say", "reply", "cancel"]
        + ["skip", "change", "is_new", "publish", "submit", "drop", "instead"] * 2
    ),
    MESSAGES,
    st.integers(-1, 1),
)
PERSONS = count(1000)
GOOD = ("add", "Who owns it? | The city. | TASS", 0)


class Desk:
    """One person at the desk, who does one thing after another."""

    def __init__(self, database: Database, cache: IndexCache) -> None:
        self.database = database
        self.adding = Additions(database, cache, clock=lambda: AT)
        self.prompting = Prompts(database, cache, clock=lambda: AT)

    async def act(self, script: list[tuple[str, str, int]], role: Role) -> None:
        """Do what the script says; what is shown must be a message."""
        actor = await seat(self.database, next(PERSONS), role)
        last: Addition | None = None
        for action, text, off in script:
            number, turn = (1, 1) if last is None else (last.proposal.id, last.proposal.turn + off)
            shown: Addition | None = None
            try:
                if action == "add" or action in GAPS:
                    shown = await self.adding.begin(actor, text, gap=GAPS.get(action))
                elif action in ("say", "reply"):
                    shown = await self.adding.say(actor, text)
                elif action == "cancel":
                    await self.prompting.cancel(actor)
                elif action in ("skip", "change", "is_new"):
                    shown = await getattr(self.adding, action)(actor, number, turn)
                elif action == "instead":
                    shown = await self.adding.instead(actor, number, turn, 3)
                else:
                    shown = await getattr(self.adding, action)(actor, number, turn)
            except (DeskError, NotAllowed):
                continue
            if action == "instead" and shown is not None:
                last = None  # it is a change now, which another dialogue shows
            elif shown is not None:
                formatted(views.addition(shown).text_html, "HTML", None)
                last = shown

    async def check(self) -> None:
        """Every fact has what a fact must have."""
        async with self.database.reading() as session:
            added = (await facts.all_current(session))[len(bridge.DRAFTS) :]
            assert added
            for fact in added:
                assert fact.question
                assert fact.text
                assert fact.as_of is not None
                assert fact.source or fact.status.is_gap
                assert (fact.version, len(fact.text) <= 1000) == (1, True)


def test_no_script_leaves_half_a_fact(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        path = tmp_path / "bridge.sqlite3"
        runner.run(bridge.build(path))
        database = runner.run(Database.open(path))
        desk = Desk(database, IndexCache(database))
        runner.run(desk.act([GOOD, ("publish", "", 0)], Role.EDITOR))

        @settings(max_examples=60)
        @example([("unknown", '00"K:\n0', 0), ("instead", "", 0)], Role.EDITOR)
        @given(st.lists(ACTIONS, max_size=8), st.sampled_from(Role))
        def attempt(script: list[tuple[str, str, int]], role: Role) -> None:
            runner.run(desk.act([GOOD, *script], role))

        attempt()
        runner.run(desk.check())
        runner.run(database.close())
