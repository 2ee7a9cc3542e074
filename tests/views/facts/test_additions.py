"""Additions as messages: true without their markup, and never longer than a message may be."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rehearsal.api.contract import LONGEST_TEXT, formatted
from bot.services.dialogues.notes import stored
from bot.services.facts.additions.desk_moves import Drafts
from bot.services.facts.additions.state import Addition, Notes, Notice
from bot.services.facts.comparison.near_duplicates import ClaimKind, NearDuplicate
from bot.views import presses
from bot.views.facts import additions, drafts
from bot.views.message import Message, plain
from db.records import FactDraft, Moment, Status, Weight
from db.records.desk import Proposal, ProposalKind, ProposalState, Role
from tests.samples import AT, a_fact, a_story

FULL = FactDraft(
    key="",
    question="How long did it last?",
    text="Two hours.",
    source="TASS",
    source_url="https://tass.com/1",
    as_of=Moment.parse("2025-05-19 14:20"),
    happened=Moment.parse("2025-05-19"),
    status=Status.REPORTED,
    weight=Weight.BIG,
    topics=("call", "length"),
    check_by=datetime(2025, 5, 21, 6, 0, tzinfo=UTC),
)
LONG = FactDraft(
    key="",
    question="<&" * 150,
    text="😀<" * 500,
    source="&" * 300,
    source_url="https://x/" + "&" * 1990,
    status=Status.DISPUTED,
    weight=Weight.BIG,
    topics=tuple(f"{number:<60}".replace(" ", "&") for number in range(20)),
    happened=Moment.parse("2025-05-19"),
    as_of=Moment.parse("2025-05-19"),
    next_word="<" * 300,
)
LONG_TWINS = tuple(
    NearDuplicate(fact=a_fact(number, text="<😀" * 500), differs=tuple(ClaimKind))
    for number in (7, 8)
)


def a_proposal(draft: FactDraft, notes: Notes, **fields: Any) -> Proposal:
    usual = {
        "id": 3,
        "chat_id": 77,
        "thread_id": None,
        "editor": 77,
        "kind": ProposalKind.ADD,
        "state": ProposalState.OPEN,
        "step": "preview",
        "turn": 4,
        "draft": draft,
        "fact_id": None,
        "base_version": None,
        "notes": stored(notes),
        "message_id": None,
        "made_at": AT,
        "touched_at": AT,
    }
    return Proposal(**{**usual, **fields})


def an_addition(
    draft: FactDraft = FULL,
    *,
    role: Role = Role.EDITOR,
    notes: Notes | None = None,
    shown: dict[str, Any] | None = None,
    **fields: Any,
) -> Addition:
    proposal = a_proposal(draft, notes or Notes(author="Ada"), **fields)
    return Addition(proposal=proposal, story=a_story(), role=role, at=AT, **(shown or {}))


def every_message(
    draft: FactDraft, notes: Notes, twins: tuple[NearDuplicate, ...]
) -> dict[str, Message]:
    """Return everything that can be said about one addition."""
    view, fact = additions.addition, a_fact(128, text=draft.text, question=draft.question)
    asked = [f"ask:{name}" for name in additions.ASKS]
    submitted = an_addition(draft, notes=notes, state=ProposalState.SUBMITTED)
    sent = a_proposal(draft, notes)
    told = {"chat_id": 77, "thread_id": None, "by": notes.author, "zone": "Europe/Kyiv"}
    return {
        **{step: view(an_addition(draft, notes=notes, step=step)) for step in asked},
        "change": view(an_addition(draft, notes=notes, step="change"), in_group=True),
        "preview": view(an_addition(draft, notes=notes, shown={"another_waits": True})),
        "twins": view(an_addition(draft, notes=notes, shown={"twins": twins})),
        "handed in": view(submitted),
        "published": view(
            an_addition(draft, notes=notes, state=ProposalState.DONE, shown={"fact": fact})
        ),
        "dropped": view(an_addition(draft, notes=notes, state=ProposalState.DROPPED)),
        "draft": drafts.waiting(
            an_addition(draft, notes=notes, state=ProposalState.SUBMITTED, shown={"twins": twins}),
            own=True,
        ),
        "drafts": drafts.listed(
            Drafts(waiting=(submitted.proposal,) * 9, own=False, story=a_story())
        ),
        "sent back": drafts.sent_back(submitted),
        "heard: published": drafts.notice(Notice(proposal=sent, fact=fact, **told)),  # type: ignore[arg-type]
        "heard: handed in": drafts.notice(Notice(proposal=submitted.proposal, **told)),  # type: ignore[arg-type]
        "heard: sent back": drafts.notice(Notice(proposal=sent, **told)),  # type: ignore[arg-type]
    }


BRIEF = every_message(FULL, Notes(author="Ada"), (NearDuplicate(fact=a_fact(), differs=()),))
LONGEST = every_message(
    LONG,
    Notes(
        author="<" * 100,
        returned="&" * 500,
        troubles=dict.fromkeys(additions.ASKS, "<trouble>" * 30),
    ),
    LONG_TWINS,
)


@pytest.mark.parametrize("shown", [*BRIEF.values(), *LONGEST.values()])
def test_every_message_is_one_that_telegram_takes(shown: Message) -> None:
    text, _ = formatted(shown.text_html, "HTML", None)
    assert text
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert len(shown.buttons) <= 4
    for button in shown.buttons:
        assert button.label.strip()
        assert presses.parse(presses.encode(button.press)) == button.press


@pytest.mark.parametrize("shown", BRIEF.values())
def test_no_word_is_struck_out(shown: Message) -> None:
    assert not {"<s>", "<del>", "<strike>"} & set(shown.text_html.split())


def test_a_preview_tells_every_field_in_plain_words() -> None:
    assert plain(BRIEF["preview"]) == (
        "How long did it last?\n"
        "Two hours.\n"
        "Reported · TASS, 19 May 14:20\n\n"
        "Said: Monday 19 May 2025, 14:20\n"
        "Happened: Monday 19 May 2025\n"
        "Check by: Wednesday 21 May 2025, 09:00\n"
        "Link: https://tass.com/1\n"
        "Topics: call, length\n"
        "Big news\n\n"
        f"Not published yet. {additions.BEGUN_BEFORE}"
    )


def test_who_says_what_is_plain_where_a_fact_resembles_it() -> None:
    known = NearDuplicate(
        fact=a_fact(text="Three hours."), differs=(ClaimKind.NUMBER, ClaimKind.NAME)
    )
    unknown = NearDuplicate(fact=a_fact(8, text="Nobody knows.", status=Status.UNKNOWN), differs=())
    shown = additions.addition(an_addition(shown={"twins": (known, unknown)}))
    assert plain(shown) == (
        "#7 says: Three hours.\nThey differ in a number and a name.\n\n"
        "#8 says (not known yet): Nobody knows.\n\n"
        "Yours says: Two hours."
    )
    assert [button.label for button in shown.buttons] == [
        "It is new",
        "Change #7 instead",
        "Change #8 instead",
        "Drop",
    ]


def test_the_list_names_three_drafts_and_counts_the_rest() -> None:
    lines = plain(BRIEF["drafts"]).splitlines()
    assert lines[0] == "9 drafts wait to be published."
    assert lines[1] == "• How long did it last? (Ada, Tuesday 20 May 2025, 12:00)"
    assert lines[-1] == "And 6 more, once these are settled."
    assert len(BRIEF["drafts"].buttons) == 3
