"""How changes, withdrawals, undos and cards read, and that nothing breaks their form."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.api.html import parse
from bot.services.facts.changes.echoes import Decision, Echoed
from bot.services.facts.changes.state import Change, Step
from bot.services.facts.changes.undo import Ending, Undone
from bot.services.facts.lookup import FactCard, Finds
from bot.services.facts.reviews import Checked, Phrased
from bot.views import markup, presses
from bot.views.facts import cards, changes, undo
from bot.views.message import Message, plain
from db.records import ChangeKind, Fact, FactDraft, FactVersion, Moment, Status
from db.records.desk import Proposal, ProposalKind, ProposalState
from tests.samples import AT, a_fact, a_story

ANY_TEXT = st.text(alphabet=st.characters(), min_size=1, max_size=200)
LONG_TEXT = st.builds(lambda text, n: text * n, ANY_TEXT, st.integers(1, 60))
FACTS = st.builds(
    lambda text, question, source, address, status, word, topics: a_fact(
        text=text + " .",
        question=question,
        source=source,
        source_url=address,
        status=status,
        next_word=word,
        topics=topics,
        check_by=AT,
        as_of=Moment.parse("2025-05-19 14:20"),
        happened=Moment.parse("2024-05-19"),
    ),
    LONG_TEXT,
    st.none() | LONG_TEXT,
    st.none() | LONG_TEXT,
    st.none() | ANY_TEXT,
    st.sampled_from(Status),
    st.none() | LONG_TEXT,
    st.tuples(ANY_TEXT, LONG_TEXT),
)
FIELDS = ("text", "question", "source", "source_url", "as_of", "happened", "status", "next_word")


def a_proposal(
    kind: ProposalKind = ProposalKind.CHANGE,
    step: Step = Step.KIND,
    state: ProposalState = ProposalState.OPEN,
    notes: dict[str, Any] | None = None,
) -> Proposal:
    return Proposal(
        id=5,
        chat_id=7,
        thread_id=None,
        editor=7,
        kind=kind,
        state=state,
        step=step,
        turn=3,
        draft=None,
        fact_id=7,
        base_version=1,
        notes=notes or {},
        message_id=None,
        made_at=AT,
        touched_at=AT,
    )


def a_change(
    was: Fact,
    now: FactDraft,
    *,
    step: Step = Step.KIND,
    state: ProposalState = ProposalState.OPEN,
    by: str = "",
    **notes: Any,
) -> Change:
    usual = {"changed": [*FIELDS, "topics", "weight", "check_by"], "version": 2}
    return Change(
        proposal=a_proposal(step=step, state=state, notes={**usual, **notes}),
        was=was,
        now=now,
        story=a_story(),
        at=AT,
        by=by,
        told=3,
        echoes=tuple(
            Echoed(fact=was, version=1, says=was.text[:300], text=text, decision=decision)
            for text in (None, now.text)
            for decision in reversed(Decision)
        ),
    )


def every_change(was: Fact, other: Fact, words: str) -> Iterator[Message]:
    now = replace(
        FactDraft.of(other), check_by=None, as_of=None, happened=Moment.parse("2025-05-18")
    )
    refused = [["number", words, "3"], ["name", "", words], ["date", words, ""]]
    for step in Step:
        for kind in (None, ChangeKind.UPDATE, ChangeKind.CORRECTION, ChangeKind.WORDING):
            shown = a_change(
                was, now, step=step, kind=kind, sources=[words, "B"], refused=refused, by=words
            )
            yield changes.change(shown)
            yield changes.kept(shown)
    for state in (ProposalState.DONE, ProposalState.DROPPED):
        for kind in (None, *changes.KINDS.values()):
            yield changes.change(a_change(was, now, step=Step.DONE, state=state, kind=kind))
    for step in (Step.REASON, Step.CONFIRM, Step.ECHOES):
        notes = {"kind": ChangeKind.WITHDRAWAL, "changed": ["status"], "reason": words}
        proposal = a_proposal(ProposalKind.WITHDRAW, step, notes=notes)
        yield changes.change(replace(a_change(was, now, by=words), proposal=proposal))


def every_other(fact: Fact, words: str) -> Iterator[Message]:
    for kind in (ProposalKind.ADD, ProposalKind.CHANGE, ProposalKind.WITHDRAW):
        for ending in Ending:
            proposal = a_proposal(kind, state=ProposalState.DONE)
            for told in (0, 1, 12):
                ended = Undone(ending=ending, proposal=proposal, fact=fact, told=told, by=words)
                yield undo.undone(ended)
    yield undo.undone(Undone(ending=Ending.NOTHING))
    yield undo.phrased(Phrased(fact=fact, phrasing=words))
    yield undo.checked(Checked(fact=fact, story=a_story(), at=AT))
    yield cards.finds(Finds(words=words, facts=()))
    yield cards.finds(Finds(words=words, facts=(fact,) * 8))
    yield cards.card(a_card(fact, words))


def a_card(fact: Fact, words: str, versions: int = 12) -> FactCard:
    history = tuple(
        FactVersion(
            fact_id=fact.id,
            version=number,
            kind=list(ChangeKind)[number % len(ChangeKind)],
            text=fact.text,
            source=fact.source,
            as_of=fact.as_of,
            status=fact.status,
            reason=words,
            editor=None if number == 1 else 77,
            at=AT + timedelta(hours=number),
        )
        for number in range(1, versions + 1)
    )
    return FactCard(fact=fact, history=history, names={77: words}, told=2, story=a_story(), at=AT)


def check(message: Message) -> None:
    text, _ = parse(message.text_html)
    assert text
    assert 0 < markup.length(plain(message)) <= markup.LONGEST
    assert len(message.buttons) <= 4
    for button in message.buttons:
        assert button.label.strip()
        assert markup.length(button.label) <= 64
        assert len(presses.encode(button.press).encode()) <= presses.LONGEST


@settings(max_examples=30)
@given(FACTS, FACTS, ANY_TEXT)
def test_no_text_breaks_a_change(was: Fact, now: Fact, words: str) -> None:
    for message in every_change(was, now, words):
        check(message)


@settings(max_examples=30)
@given(FACTS, LONG_TEXT)
def test_no_text_breaks_a_card_or_an_undo(fact: Fact, words: str) -> None:
    for message in every_other(fact, words):
        check(message)


def test_what_was_and_what_is_are_told_in_words() -> None:
    was, now = a_fact(text="Two hours.", status=Status.REPORTED), a_fact(text="Three hours.")
    shown = a_change(was, FactDraft.of(now), step=Step.KIND, changed=["text", "status"])
    assert plain(changes.change(shown)) == (
        "#7 · How long did it last?\n"
        "Was: Two hours.\n"
        "Now: Three hours.\n"
        "The status: reported before, confirmed now.\n"
        "Did the world move on, or did we have it wrong?"
    )


@pytest.mark.parametrize("kind", list(changes.KINDS.values()))
def test_each_kind_has_its_own_word(kind: ChangeKind) -> None:
    words = {"update": "updated", "correction": "corrected", "wording": "another wording"}
    now = FactDraft.of(a_fact(text="Three hours."))
    shown = a_change(a_fact(), now, step=Step.DONE, state=ProposalState.DONE, kind=kind)
    text = plain(changes.change(shown))
    assert [word for word in words.values() if word in text] == [words[kind]]


def test_a_long_history_is_cut_and_says_where_the_rest_is() -> None:
    card = plain(cards.card(a_card(a_fact(), "for a reason", versions=30)))
    assert "\nVersion 29, 21 May 17:00, " in card
    assert "And older ones: /history 7" in card
