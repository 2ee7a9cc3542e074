"""What an upgrade would change for readers: saved questions, asked of an upgraded copy."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import storage
from bot.clock import Clock
from bot.errors import UpgradeRefused
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.answers.verdicts import Ask
from bot.services.questions.saved_results import Judged, judged
from bot.settings import Settings
from db.engine import Database
from db.questions import saved as saved_questions

SHOWN: Final = 10
"""Questions that the refusal names; the others are counted."""


def trial(settings: Settings, *, ask: Ask, clock: Clock) -> storage.Trial:
    """Return what refuses an upgrade by which saved questions get other answers.

    Compared is what each got when it was last run. Where the facts that it got or gets were edited
    since, the upgrade is not to blame, and where it never ran nothing is known.
    """

    async def tried(copied: Path) -> None:
        if settings.accept_changed_answers:
            return
        database = await Database.open(copied)
        try:
            async with database.reading() as session:
                saved = await saved_questions.everything(session)
            if not saved:
                return
            indexed = await IndexCache(database, meaning=settings.meaning).current()
        finally:
            await database.close()
        found = await asyncio.to_thread(judged, indexed, saved, ask, clock())
        changed = [each for each in found if each.differs and not _was_edited(each, indexed)]
        if changed:
            raise UpgradeRefused(_refusal(changed))

    return tried


def _was_edited(each: Judged, indexed: Snapshot) -> bool:
    """Return whether an editor changed, since the last run, what a question got or gets."""
    ran, before = each.saved.last_run_at, each.saved.last_fact_id
    if before is not None and before not in indexed.facts:
        return True  # withdrawn since
    facts = [*each.told, *each.choices]
    if before is not None:
        facts.append(indexed.facts[before])
    return ran is not None and any(fact.changed_at > ran for fact in facts)


def _refusal(changed: Sequence[Judged]) -> str:
    lines = [
        f"The upgrade was not made: {len(changed)} saved "
        f"{'question gets' if len(changed) == 1 else 'questions get'} another answer after it. "
        "The database is as it was."
    ]
    lines += [f"  {_line(each)}" for each in changed[:SHOWN]]
    if len(changed) > SHOWN:
        lines.append(f"  and {len(changed) - SHOWN} more")
    lines.append(
        "If these answers will do, start once with --accept-changed-answers; "
        "else go on with the version before."
    )
    return "\n".join(lines)


def _line(each: Judged) -> str:
    saved = each.saved
    was = _got(saved.last_outcome, saved.last_fact_id)
    return f"{saved.question}: was {was}, is {_got(each.outcome, each.first)}"


def _got(outcome: object, fact_id: int | None) -> str:
    return str(outcome) if fact_id is None else f"{outcome} #{fact_id}"
