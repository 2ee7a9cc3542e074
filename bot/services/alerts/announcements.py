"""Announces changes: writes the outbox rows of an edit into the edit's own transaction.

A change makes up to two alerts. A correction goes to those who were told the error; the news goes
to everybody else who wishes to hear of the fact. What follows while the news is still unheard is
one piece of news with it, told against what its readers knew before the first of the edits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.services.alerts.parcels import is_no_news
from bot.services.facts.changes.echo_steps import Replaced
from bot.services.rights import Acting
from db.alerts import alerts, tallies
from db.answers import told_chats
from db.engine import Session
from db.facts import facts, first_wrong
from db.records import ChangeKind, Fact, Status, tell_the_same
from db.records.alerts import Alert, AlertKind, AlertState, Wrong

HOLD: Final = timedelta(seconds=20)
"""How long an editor may hold an alert back before it goes."""

_OF_AN_ERROR: Final = (ChangeKind.CORRECTION, ChangeKind.WITHDRAWAL)
_UNFINISHED: Final = (*alerts.ON_THEIR_WAY, AlertState.STOPPED, AlertState.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """A change that was just made of a fact."""

    fact: Fact  # as it stands
    was: Fact | None  # None: a new fact
    kind: ChangeKind
    editor: int | None
    at: datetime
    with_it: Sequence[Replaced] = ()
    batch_id: int | None = None  # of the import that made it; None: it was made alone


async def announce(
    done: Acting,
    fact: Fact,
    *,
    was: Fact | None,
    kind: ChangeKind,
    with_it: Sequence[Replaced] = (),
) -> Alert | None:
    """Store what is to be told of a change, in its transaction; see `announce_change`.

    The facts that were corrected, withdrawn or taken back `with_it` said the same error: those who
    were told one of them hear of this change, once, and nobody hears of each.
    """
    edit = _Edit(
        fact=fact,
        was=was,
        kind=kind,
        editor=done.actor.person_id,
        at=done.at,
        with_it=with_it,
    )
    return await _announce(done.session, edit)


async def announce_change(
    session: Session,
    fact: Fact,
    *,
    was: Fact | None,
    kind: ChangeKind,
    editor: int | None,
    at: datetime,
    batch_id: int | None = None,
) -> Alert | None:
    """Store what is to be told of a change and return the news of it; None for no news.

    Mere wording is told to nobody, and neither is what the story does not cover. A correction or a
    withdrawal is told to whoever was told the error, and so is a change that is taken back, to
    whoever was told it meanwhile.
    """
    edit = _Edit(fact=fact, was=was, kind=kind, editor=editor, at=at, batch_id=batch_id)
    return await _announce(session, edit)


async def _announce(session: Session, edit: _Edit) -> Alert | None:
    was = edit.was
    if edit.kind is ChangeKind.WORDING:
        return None
    if edit.kind is ChangeKind.UNDO:
        return await _take_back(session, edit)
    await _catch_up(session, edit)
    if was is not None and edit.kind in _OF_AN_ERROR:
        await _correct(
            session, edit, wrong_since=await first_wrong.of_version(session, was.id, was.version)
        )
    if is_no_news(edit.fact.status, None if was is None else was.status):
        return None
    return await _news(session, edit)


async def _take_back(session: Session, edit: _Edit) -> Alert | None:
    """Announce that a change is taken back: no news, but an error to whoever was told it."""
    fact, was = edit.fact, edit.was
    undone = None if was is None else await facts.version(session, fact.id, was.version)
    if undone is None or undone.kind is ChangeKind.WORDING:
        return None
    gone = fact.status is Status.WITHDRAWN
    edit = replace(edit, kind=ChangeKind.WITHDRAWAL if gone else ChangeKind.CORRECTION)
    await _catch_up(session, edit)
    await _correct(session, edit, wrong_since=undone.version, taken_back=True)
    return await _news(session, edit, taken_back=True)


async def _correct(
    session: Session, edit: _Edit, *, wrong_since: int, taken_back: bool = False
) -> None:
    assert edit.was is not None  # noqa: S101 - there was something to be wrong
    correction = await alerts.add(
        session,
        kind=AlertKind.CORRECTION,
        change=edit.kind,
        fact_id=edit.fact.id,
        version=edit.fact.version,
        was_version=edit.was.version,
        wrong_since=wrong_since,
        urgent=True,
        made_by=edit.editor,
        at=edit.at,
        hold_until=edit.at + HOLD,
        batch_id=edit.batch_id,
    )
    wrong = []
    for fact, was in edit.with_it:
        echo = replace(edit, fact=fact, was=was, with_it=())
        await _catch_up(session, echo)
        await _tell_followers(session, echo, taken_back=taken_back)
        since = await first_wrong.of_version(session, was.id, was.version)
        wrong.append(Wrong(fact_id=fact.id, since=since, until=was.version))
    await told_chats.add_wrong(session, correction.id, wrong)


async def _tell_followers(session: Session, edit: _Edit, *, taken_back: bool) -> None:
    """Let those who follow a fact hear of it that was corrected with another."""
    before = await alerts.of_fact(session, edit.fact.id, AlertKind.FOLLOWED, _UNFINISHED)
    for older in before:
        await _supersede(session, older)
    if taken_back and any(older.state in alerts.UNSENT for older in before):
        return  # they have heard nothing of it
    assert edit.was is not None  # noqa: S101 - it was corrected
    await alerts.add(
        session,
        kind=AlertKind.FOLLOWED,
        change=edit.kind,
        fact_id=edit.fact.id,
        version=edit.fact.version,
        was_version=edit.was.version,
        urgent=False,
        made_by=edit.editor,
        at=edit.at,
        hold_until=edit.at + HOLD,
        batch_id=edit.batch_id,
    )


async def _catch_up(session: Session, edit: _Edit) -> None:
    """Let corrections that are on their way tell what stands now, or nothing if it was right."""
    for open_one in await alerts.of_fact(session, edit.fact.id, AlertKind.CORRECTION, _UNFINISHED):
        if await _as_before(session, edit.fact, open_one):
            await _supersede(session, open_one)
        else:
            change = _together(open_one, edit.kind) or ChangeKind.WITHDRAWAL
            await alerts.tell_newer(session, open_one.id, change=change, version=edit.fact.version)


async def _news(session: Session, edit: _Edit, *, taken_back: bool = False) -> Alert | None:
    """Store the news of a change, one with the news before it where that is still unheard."""
    fact, kind = edit.fact, edit.kind
    was_version = None if edit.was is None else edit.was.version
    before = await _unheard(session, fact)
    if before is None and taken_back:
        return None  # whoever has heard of it is told by the correction
    if before is not None:
        together = _together(before, kind)
        if together is None or await _as_before(session, fact, before):
            await _supersede(session, before)
            return None
        kind, was_version = together, before.was_version
        if before.state in alerts.UNSENT:
            return await alerts.tell_newer(
                session,
                before.id,
                change=kind,
                version=fact.version,
                urgent=kind in _OF_AN_ERROR,
                hold_until=edit.at + HOLD,
            )
    for told_by in (AlertKind.NEWS, AlertKind.FOLLOWED):
        for older in await alerts.of_fact(session, fact.id, told_by, _UNFINISHED):
            await _supersede(session, older)
    return await alerts.add(
        session,
        kind=AlertKind.NEWS,
        change=kind,
        fact_id=fact.id,
        version=fact.version,
        was_version=was_version,
        urgent=kind in _OF_AN_ERROR,
        made_by=edit.editor,
        at=edit.at,
        hold_until=edit.at + HOLD,
        batch_id=edit.batch_id,
    )


async def _unheard(session: Session, fact: Fact) -> Alert | None:
    """Return the last news of a fact if not everybody has heard it; None if they have."""
    for alert in reversed(await alerts.of_fact(session, fact.id, AlertKind.NEWS, _UNFINISHED)):
        if alert.state is not AlertState.SENDING or await tallies.is_any_left(session, alert.id):
            return alert
    return None


def _together(before: Alert, kind: ChangeKind) -> ChangeKind | None:
    """Return what two changes are to somebody who has heard of neither; None: nothing at all."""
    if kind is ChangeKind.WITHDRAWAL:
        return None if before.was_version is None else kind
    return kind if before.change in (None, ChangeKind.WITHDRAWAL) else before.change


async def _supersede(session: Session, alert: Alert) -> None:
    await alerts.move(session, alert.id, was=_UNFINISHED, becomes=AlertState.SUPERSEDED)


async def _as_before(session: Session, fact: Fact, alert: Alert) -> bool:
    """Return whether a fact says again what it said before an alert was made."""
    if alert.was_version is None:
        return fact.status is Status.WITHDRAWN
    before = await facts.version(session, fact.id, alert.was_version)
    return before is not None and tell_the_same(before, fact)
