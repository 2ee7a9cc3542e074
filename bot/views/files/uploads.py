"""Files of facts in the chat: what they would do, how far an import has come, what it did."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.services.files.dry_run import DryRun, TakenIn
from bot.services.files.exports import HandedOut
from bot.services.files.progress import Progress, Stage
from bot.views import markup
from bot.views.files import file_notes
from bot.views.message import Button, Message
from bot.views.presses import Press, press
from db.records import FactDraft, Status
from db.records.desk import Proposal

FAULTS_SHOWN: Final = 10
ROOM: Final = 3_950
"""Characters of a message that its lines may fill, the spaces between them aside."""

EXAMPLE: Final = 160
"""Characters of a fact in a list of examples."""

_DOING: Final = {
    Stage.READING: "Reading {name}",
    Stage.COMPARING: "Comparing {name} with the facts as they stand",
    Stage.PREPARING: "Preparing the answers of {name}",
    Stage.WRITING: "Writing {name}",
}


@press("2fi")
@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Press):
    """Import the file that was shown."""

    proposal_id: int
    turn: int


@press("2ft")
@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAndTell(Press):
    """Import the file that was shown, and tell the subscribers."""

    proposal_id: int
    turn: int


@press("2fd")
@dataclass(frozen=True, slots=True, kw_only=True)
class DropFile(Press):
    """Forget the file that was shown."""

    proposal_id: int
    turn: int


@press("2fo")
@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDates(Press):
    """Read the days of the file that was shown with the day first, or the month."""

    proposal_id: int
    turn: int
    day_first: int  # 1, or 0 for the month


def dry_run(shown: DryRun) -> Message:
    """Return what a file would do, with examples and every fault that there is room for."""
    head = _headline(shown)
    if shown.again:
        moved = "Nothing was imported: the story has changed since you looked."
        head = f"{markup.escape(moved)} {head}"
    blocks = [head]
    if shown.first_new:
        more = shown.new - len(shown.first_new)
        blocks.append(_list("New", map(_fact, shown.first_new), more))
    if shown.first_changed:
        more = shown.changed - len(shown.first_changed)
        lines = (
            f"#{fact.id} {_change(FactDraft.of(fact), draft)}"
            for fact, draft in shown.first_changed
        )
        blocks.append(_list("Changed", lines, more))
    if shown.faults:
        more = shown.fault_count - len(shown.faults[:FAULTS_SHOWN])
        blocks.append(_list("Refused", shown.faults[:FAULTS_SHOWN], more))
    below = [] if shown.proposal is None else [_what_next(shown)]
    room = ROOM - sum(markup.length(markup.visible(each)) for each in (*blocks, *below))
    warned = _fitting("Look first", file_notes.warnings(shown.cautions), room)
    room -= sum(markup.length(markup.visible(each)) for each in warned)
    told = _fitting("How it was read", file_notes.sentences(shown.notes), room)
    text = "\n\n".join((blocks[0], *warned, *blocks[1:], *told, *below))
    buttons = () if shown.proposal is None else _buttons(shown, shown.proposal)
    return Message(text_html=text, buttons=buttons)


def progress(name: str, so_far: Progress) -> Message:
    """Return how far a file has come."""
    text = _DOING[so_far.stage].format(name=_name(name))
    if so_far.total:
        text += f": {so_far.done:,} of {so_far.total:,}"
    return Message(text_html=markup.escape(f"{text}."))


def taken_in(done: TakenIn) -> Message:
    """Return what a file did."""
    head = markup.bold(f"{_name(done.name)} is imported.")
    text = f"{_many(done.new, 'new fact')}{_numbers(done)}, {done.changed:,} changed, "
    text += f"{done.unchanged:,} unchanged, {done.refused:,} refused."
    if done.story_changed:
        text += " The story's name or words changed too."
    return Message(text_html=f"{head} {markup.escape(text)}")


def dropped(name: str) -> Message:
    """Return that a file is forgotten."""
    return Message(text_html=markup.escape(f"{_name(name)} is dropped. Nothing was imported."))


def handed_out(given: HandedOut) -> Message:
    """Return what stands under an export."""
    what = _many(given.facts, "fact")
    text = f"{what}, withdrawn ones included. Send the file back to import it."
    if given.kind.value in ("csv", "jsonl"):
        text += " The story's names and synonyms are not in it: /export toml has them."
    return Message(text_html=markup.escape(text))


def _buttons(shown: DryRun, proposal: Proposal) -> tuple[Button, ...]:
    ids = {"proposal_id": proposal.id, "turn": proposal.turn}
    drop = Button(label="Drop", press=DropFile(**ids))
    if (unclear := shown.unclear) is not None:
        short = re.split(r"[ ,T]", unclear.example)[0]
        days = ((1, file_notes.day_first(unclear)), (0, file_notes.month_first(unclear)))
        settle = (
            Button(label=f"{short} is {day}", press=SettleDates(**ids, day_first=first))
            for first, day in days
        )
        return (*settle, drop)
    tell = Button(label="Import and tell subscribers", press=ImportAndTell(**ids))
    return (
        Button(label="Import", press=Import(**ids)),
        *((tell,) if shown.is_news else ()),
        drop,
    )


def _headline(shown: DryRun) -> str:
    name = _name(shown.name)
    if shown.proposal is None:
        if shown.refused or shown.fault_count:
            text = f"Nothing in {name} can be imported."
        else:
            text = f"{name} would change nothing."
    else:
        text = f"{name} would add {_many(shown.new, 'fact')} and change {shown.changed:,}."
    rest = f"{shown.unchanged:,} unchanged, {shown.refused:,} refused."
    if shown.withdrawn:
        rest += f" Of the changed, {shown.withdrawn:,} would be withdrawn."
    if shown.story_changed:
        rest += " The story's name or words would change too."
    return f"{markup.bold(text)} {markup.escape(rest)}"


def _what_next(shown: DryRun) -> str:
    if shown.unclear is not None:
        asked = f"Nothing is stored yet. {file_notes.question(shown.unclear)}"
        return markup.escape(asked)
    text = "Nothing is stored yet. Import takes all of it at once."
    if shown.refused:
        text = (
            "Nothing is stored yet. Import takes all but the refused; to have those too, tap "
            "Drop, mend the file and send it again."
        )
    if shown.changed:
        text += (
            " Those who follow a fact that changes, or were told one that is withdrawn, hear of it "
            "either way."
        )
    return markup.escape(text)


def _fact(draft: FactDraft) -> str:
    said = markup.shorten(draft.text, EXAMPLE)
    return f"{markup.shorten(draft.question, EXAMPLE)} {said}" if draft.question else said


def _change(was: FactDraft, now: FactDraft) -> str:
    if now.status is Status.WITHDRAWN and was.status is not Status.WITHDRAWN:
        return f"would be withdrawn: {markup.shorten(was.text, EXAMPLE)}"
    if now.text != was.text:
        before, after = markup.shorten(was.text, EXAMPLE), markup.shorten(now.text, EXAMPLE)
        return f"Was: {before} Now: {after}"
    names = [
        name.replace("_", " ")
        for name in FactDraft.__dataclass_fields__
        if getattr(now, name) != getattr(was, name)
    ]
    return f"{markup.shorten(was.text, EXAMPLE)} ({', '.join(names)})"


def _list(title: str, lines: Iterable[str], more: int) -> str:
    shown = [markup.escape("• " + markup.shorten(line, 2 * EXAMPLE + 40)) for line in lines]
    if more > 0:
        shown.append(f"and {more:,} more")
    return "\n".join([markup.bold(f"{title}:"), *shown])


def _fitting(title: str, lines: list[str], room: int) -> list[str]:
    """Return the list with as many lines as `room` characters hold; none for no lines."""
    kept: list[str] = []
    for line in lines:
        room -= min(markup.length(line), 2 * EXAMPLE + 40) + 3
        if room < 0:
            break
        kept.append(line)
    return [_list(title, kept, len(lines) - len(kept))] if lines else []


def _numbers(done: TakenIn) -> str:
    if done.first is None:
        return ""
    return f" (#{done.first})" if done.first == done.last else f" (#{done.first} to #{done.last})"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _name(name: str) -> str:
    return markup.shorten(name, 80)
