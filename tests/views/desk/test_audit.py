"""The records as messages: one message each, true without formatting."""

import pathlib
import re
from datetime import timedelta

import pytest

from bot import services
from bot.rehearsal.api import html
from bot.services.desk.audit import Difference, Event, History, Trail
from bot.services.desk.closure import Asked
from bot.views.desk import audit, audit_actions, closure
from bot.views.message import Message, plain
from db.records.desk import AuditEntry
from tests.samples import AT, a_fact, a_story

EVIL = '<i>x</i> & "y" \U0001f9d1 ' * 40


def entry(number: int, **fields: object) -> AuditEntry:
    usual = {
        "id": number,
        "at": AT,
        "person": 7,
        "name": "Ada",
        "action": "editor.remove",
        "fact_id": None,
        "before": None,
        "after": None,
        "refused": False,
    }
    return AuditEntry(**{**usual, **fields})  # type: ignore[arg-type]


def trail(*entries: AuditEntry, has_older: bool = False, from_newest: bool = True) -> Message:
    return audit.trail(
        Trail(entries=entries, has_older=has_older, from_newest=from_newest, story=a_story(), at=AT)
    )


def history(*events: Event, skip: int = 0, total: int | None = None) -> Message:
    number = len(events) if total is None else total
    fact = a_fact(question=EVIL)
    return audit.history(
        History(fact=fact, events=events, skip=skip, total=number, story=a_story(), at=AT)
    )


def event(fields: int, words: str = EVIL) -> Event:
    return Event(
        at=AT,
        who=words,
        what="correction",
        version=2,
        differences=tuple(
            Difference(field=name, before=words, after=words)
            for name in list(audit_actions.HEADINGS)[:fields]
        ),
        reason=words,
    )


WORST = [
    trail(*(entry(n, name=EVIL, before=EVIL, after=EVIL, fact_id=10**18) for n in range(10))),
    trail(*(entry(n, before="\U0001f9d1" * 4096, fact_id=10**18) for n in range(10))),
    trail(),
    history(*(event(8) for _ in range(9)), total=99),
    history(event(8, "\U0001f9d1" * 4096), skip=3, total=99),
    history(event(1, "")),
    closure.asked(Asked(number=1, why=EVIL[:300], story=a_story(about=EVIL))),
    closure.closed(a_story(closed_at=AT)),
]


@pytest.mark.parametrize("message", WORST, ids=lambda _: "")
def test_the_worst_fits_one_message(message: Message) -> None:
    text, _ = html.parse(message.text_html)
    assert 0 < len(text.encode("utf-16-le")) // 2 <= 4096
    assert len(message.buttons) <= 4


def test_an_entry_tells_who_when_and_what() -> None:
    shown = trail(
        entry(9, action="fact.some_thing", fact_id=7, before="two", after="three"),
        entry(8, refused=True, name="Eve"),
        entry(7, before="Ben, editor", at=AT + timedelta(hours=20)),
        has_older=True,
        from_newest=False,
    )
    assert plain(shown).splitlines()[1:] == [
        "• 20 May 12:00, Ada: fact some thing #7. Was “two”, now “three”.",
        "• 20 May 12:00, Eve: refused: removal.",
        "• 21 May 08:00, Ada: removal. Was “Ben, editor”.",
    ]
    assert [button.press for button in shown.buttons] == [
        audit.Older(before=7),
        audit.Older(before=0),
    ]


def test_what_does_not_fit_is_behind_older() -> None:
    long = {
        "name": EVIL,
        "before": EVIL,
        "after": f"x{EVIL}",
        "action": "x" * 40,
        "fact_id": 10**18,
    }
    shown = trail(*(entry(20 - n, refused=True, **long) for n in range(10)))
    kept = plain(shown).count("•")
    assert 5 < kept < 10
    assert shown.buttons[0].press == audit.Older(before=20 - kept + 1)
    page = history(*(event(8) for _ in range(9)), skip=2, total=11)
    (older, newest) = [button.press for button in page.buttons]
    assert isinstance(older, audit.HistoryFrom)
    assert 2 < older.skip < 7
    assert newest == audit.HistoryFrom(fact_id=7, skip=0)


def test_an_event_tells_before_after_and_why_in_words() -> None:
    first = Event(
        at=AT,
        who="an import",
        what="new",
        version=1,
        differences=(Difference(field="text", before=None, after="Two hours."),),
    )
    second = Event(
        at=AT,
        who="Ada",
        what="correction",
        version=2,
        differences=(
            Difference(field="text", before="Two hours.", after="Three."),
            Difference(field="source", before="TASS", after=None),
        ),
        reason="misheard",
    )
    assert plain(history(second, first)).split("\n\n")[1:] == [
        "20 May 12:00, Ada: version 2, correction.\nText: Was “Two hours.”, now “Three.”.\n"
        "Source: Was “TASS”, now empty.\nWhy: misheard",
        "20 May 12:00, an import: version 1, new.\nText: “Two hours.”",
    ]


def test_every_action_of_the_desk_has_words() -> None:
    constant = re.compile(r'"((?:[a-z]+\.)+[a-z_.]+)"')
    rooms = [
        "alert",
        "article",
        "audit",
        "channel",
        "desk",
        "editor",
        "fact",
        "facts",
        "feedback",
        "file",
        "proposal",
        "question",
        "sentence",
        "stats",
        "story",
        "words",
    ]
    named = {
        each
        for file in pathlib.Path(services.__file__).parent.rglob("*.py")
        for each in constant.findall(file.read_text())
        if each.partition(".")[0] in rooms
    }
    assert len(named) > 40
    assert {
        each for each in named if audit_actions.action_of(each) == each.replace(".", " ")
    } == set()
    assert audit_actions.action_of("fact.undo", 7) == "a change of #7 taken back"


def test_what_was_kept_of_a_fact_is_told_field_by_field_on_the_storys_clock() -> None:
    was = "It lasted two hours.\nstatus: reported\nas_of: 2025-05-19 14:20"
    shown = trail(
        entry(4, action="fact.still", fact_id=7, before="2027-11-27T07:00+00:00", after="checked"),
        entry(3, action="fact.update", fact_id=7, before=was, after=f"{was[:-5]}18:00"),
        entry(
            2,
            action="fact.withdraw",
            fact_id=7,
            before="It.\nstatus: reported",
            after="It.\nstatus: withdrawn\nreason: TASS took it back",
        ),
        entry(1, action="question.answer", fact_id=7, before="how many", after="Two."),
        entry(1, action="fact.add", fact_id=7, after="How long?\nIt.\nSource: TASS"),
        entry(1, action="fact.correct", fact_id=7, before="Two.", after="2025-02-31 is no day."),
    )
    assert [line.partition("Ada: ")[2] for line in plain(shown).splitlines()[1:]] == [
        "a fresh look at #7. Was “27 November 2027 09:00”, now “checked”.",
        "update of #7. Said: Was “19 May 14:20”, now “19 May 18:00”.",
        "withdrawal of #7. Status: Was “reported”, now “withdrawn”. Why: “TASS took it back”",
        "#7 told to waiting readers. “how many”: “Two.”",
        "new fact #7. “How long? It. Source: TASS”",
        "correction of #7. Was “Two.”, now “2025-02-31 is no day.”.",
    ]
