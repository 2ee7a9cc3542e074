"""How readers' words look at the desk: within every bound, and true in plain words."""

from dataclasses import replace

import pytest

from bot.services.questions.suggestions import Decided, Listed, Page, checksum
from bot.views import markup, presses
from bot.views.message import Message, plain
from bot.views.questions import suggestions as views
from db.records.desk import Proposal, ProposalKind, ProposalState
from db.records.suggestions import Suggestion, SuggestionState
from tests.samples import AT, a_fact

LARGE = 2**62
DONE = Proposal(
    id=LARGE,
    chat_id=1,
    thread_id=None,
    editor=1,
    kind=ProposalKind.PHRASE,
    state=ProposalState.DONE,
    step="words",
    turn=9,
    draft=None,
    fact_id=None,
    base_version=None,
    notes={},
    message_id=None,
    made_at=AT,
    touched_at=AT,
)


def listed(number: int = 1, words: str = "what did it cost", **fields: object) -> Listed:
    suggestion = Suggestion(
        id=number,
        fact_id=7,
        words=words,
        state=SuggestionState.OPEN,
        counts=False,
        chats=1,
        others=(),
        seen_at=AT,
    )
    return Listed(suggestion=replace(suggestion, **fields), fact=a_fact())  # type: ignore[arg-type]


def a_page(*shown: Listed, total: int | None = None, page: int = 0) -> Page:
    return Page(listed=shown, total=len(shown) if total is None else total, page=page, fact=None)


def every_message() -> list[Message]:
    long = Listed(
        suggestion=replace(
            listed(LARGE, "<&" * 80).suggestion, counts=True, chats=LARGE, others=(LARGE, LARGE)
        ),
        fact=a_fact(LARGE, question="<Q&" * 100),
    )
    five = (long,) * 5
    full = Page(listed=five, total=LARGE, page=LARGE // 10, fact=long.fact)
    decisions = [
        Decided(proposal=DONE, taken=five),
        Decided(proposal=DONE, taken=five[:1], refused=five[:4]),
        Decided(proposal=None, refused=five),
        Decided(proposal=DONE, dismissed=five[:1]),
        None,
    ]
    return [
        *(views.page(full, decided=each) for each in decisions),
        *(views.page(a_page(total=0), decided=each) for each in decisions),
        views.fitting(full),
        views.fitting_several(LARGE, LARGE),
    ]


@pytest.mark.parametrize("message", every_message())
def test_every_message_keeps_the_bounds_and_shows_all_it_is_about(message: Message) -> None:
    text = plain(message)
    assert markup.length(text) <= markup.LONGEST
    assert not text.endswith("…")
    assert len(message.buttons) <= 4
    for button in message.buttons:
        data = presses.encode(button.press)
        assert len(data.encode()) <= presses.LONGEST
        assert presses.parse(data) == button.press


def test_a_suggestion_tells_who_showed_it_and_whether_readers_disagree() -> None:
    shown = views.page(
        a_page(listed(1, counts=True, chats=3), listed(2, chats=-1, others=(9, 10, 11)))
    )
    assert plain(shown).splitlines()[1:3] == [
        "1. “what did it cost”: #7 · How long did it last? (3 chats, counts already)",
        "2. “what did it cost”: #7 · How long did it last? "
        "(0 chats, others meant #9, others meant #10)",
    ]


def test_what_was_taken_is_named_and_what_was_not_has_a_reason() -> None:
    decided = Decided(proposal=DONE, taken=(listed(1), listed(2)), refused=(listed(3),))
    text = plain(views.page(a_page(total=0), decided=decided))
    assert text.splitlines() == [
        "2 taken: they find #7 from now on.",
        "Not taken, since another fact is asked so or theirs takes no more: what did it cost",
        "Readers' words: nothing to look at.",
    ]


def test_questions_are_counted_in_words() -> None:
    assert plain(views.fitting_several(1, 1)).startswith("1 recent question fits a new fact.")
    assert plain(views.fitting_several(12, 3)).startswith("12 recent questions fit 3 new facts.")
    page = replace(a_page(listed()), fact=a_fact())
    assert plain(views.fitting(page)).startswith("1 recent question fits #7.")


def test_a_checksum_tells_other_pages_apart() -> None:
    assert checksum([1, 2]) != checksum([2, 1]) != checksum([12])
