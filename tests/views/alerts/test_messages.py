"""Corrections as those read them who were told the error."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import stories
from bot.services.alerts.parcels import Change, Mistaken, Parcel
from bot.services.answers.results import Look, Standing
from bot.views import markup, screens
from bot.views.alerts import contrast, messages
from bot.views.message import plain
from bot.views.presses import Follow, Other
from db.records import ChangeKind, ChatKind, Fact, FactVersion, Status
from db.records.alerts import Alert, AlertKind, AlertState, Delivery, Hours
from tests.samples import AT, a_fact, a_story, a_version

CALL = stories.bundled()
PARTICULAR = re.compile(r"(?<!\w)\d+(?!\w)|(?<=[a-z,] )[A-Z][a-z]{2,}(?!\w)")
NUMBER_WORD = re.compile(r"(?<!\w)(one|two|three|four|five|six|ten)(?!\w)")


def errors() -> list[tuple[Fact, FactVersion, str, str]]:
    """Return each bundled fact, what it said with one particular wrong, and the two particulars."""
    found = []
    for number, row in enumerate(tomllib.loads(CALL.decode())["facts"], start=1):
        fact = a_fact(number, version=2, text=row["text"], question=row["question"])
        for right in (*PARTICULAR.finditer(fact.text), *NUMBER_WORD.finditer(fact.text)):
            wrong = "86" if right[0].isdigit() else "Lisbon" if right[0].istitle() else "ninety"
            text = fact.text[: right.start()] + wrong + fact.text[right.end() :]
            found.append((fact, a_version(fact, text), wrong, right[0]))
    return found


ERRORS = errors()


def pushed(change: Change, kind: AlertKind = AlertKind.CORRECTION) -> str:
    """Return what a chat gets."""
    alert = Alert(
        id=1,
        kind=kind,
        state=AlertState.SENDING,
        change=change.kind,
        fact_id=change.fact.id,
        version=change.fact.version,
        was_version=1,
        wrong_since=1,
        urgent=True,
        since=None,
        topics=(),
        made_by=None,
        made_at=AT,
        hold_until=AT,
    )
    delivery = Delivery(
        id=1,
        alert_id=1,
        chat_id=501,
        thread_id=None,
        reply_to=4,
        amends=None,
        arrived=None,
        edited=0,
        attempts=1,
        together=False,
        hours=Hours(zone=None, quiet_from=None, quiet_to=None),
        kind=ChatKind.PRIVATE,
    )
    parcel = Parcel(
        delivery=delivery,
        alert=alert,
        tells=change,
        story=a_story(),
        silent=False,
        versions={1: change.fact.version},
        at=AT,
    )
    return plain(messages.alert(parcel, bot="storydesk_bot"))


def line_of(change: Change) -> str:
    """Return what /new shows of a change."""
    look = Look(since=AT, changes=(change,), more=0, story=a_story(), at=AT)
    return plain(messages.look(look))


def test_every_bundled_fact_has_a_particular_to_be_wrong_in() -> None:
    assert len({fact.id for fact, *_ in ERRORS}) > 200


@pytest.mark.parametrize("show", [pushed, line_of], ids=["alert", "look"])
def test_a_correction_holds_the_wrong_particular_and_the_right_one(
    show: Callable[[Change], str],
) -> None:
    for fact, was, wrong, right in ERRORS:
        change = Change(kind=ChangeKind.CORRECTION, fact=fact, was=was)
        now, _, before = show(change).partition("We said: ")
        assert wrong in before.split("\nCorrection")[0], fact.text
        assert right in now, fact.text


def test_both_sentences_stand_whole_where_they_are_short_enough() -> None:
    fact = a_fact(text="The call between the two took two hours and five minutes, TASS said.")
    was = a_version(fact, "The call between the two took about two and a half hours, TASS said.")
    told = pushed(Change(kind=ChangeKind.CORRECTION, fact=fact, was=was))
    assert f"{fact.text}\nWe said: {was.text}\n" in told


def test_a_long_text_is_cut_around_what_differs() -> None:
    long = "The bridge was shut at dawn by the county. " + "Nobody was there to see it go. " * 12
    was = long + "Engineers counted 14 broken cables on the northern side of the old tower."
    now = was.replace("14", "40")
    before, after = contrast.both(was, now, messages.LONGEST)
    assert "counted 14 broken cables" in before
    assert "counted 40 broken cables" in after
    assert markup.length(before) + markup.length(after) <= messages.LONGEST


def test_where_all_differs_the_figures_are_kept() -> None:
    was = "alpha " * 60 + "on 14 May " + "beta " * 60
    now = "gamma " * 60 + "on 15 June " + "delta " * 60
    before, after = contrast.both(was, now, messages.LONGEST)
    assert "14 May" in before
    assert "15 June" in after
    assert markup.length(before) + markup.length(after) <= messages.LONGEST


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": Status.CONFIRMED}, "We called it confirmed."),
        ({"source": "CNN"}, "We named CNN as the source."),
        ({"source": None}, "We named no source."),
        ({"question": "Who?"}, "We gave that as the answer to: Who?"),
    ],
)
def test_what_was_wrong_besides_the_words_is_said(wrong: dict[str, object], said: str) -> None:
    fact = a_fact(source="TASS", status=Status.REPORTED)
    was = a_version(fact, fact.text, **wrong)
    told = pushed(Change(kind=ChangeKind.CORRECTION, fact=fact, was=was))
    assert said in told.splitlines()


def test_a_withdrawal_says_why_wherever_it_is_told() -> None:
    fact = a_fact(status=Status.WITHDRAWN)
    change = Change(
        kind=ChangeKind.WITHDRAWAL,
        fact=fact,
        was=a_version(fact, fact.text, status=Status.CONFIRMED),
        reason="TASS took it back <today>",
    )
    stands = Standing(fact=None, change=change, changed_at=AT, story=a_story(), at=AT)
    edited = messages.corrected(change, Mistaken(message_id=9), AT)
    for shown in (
        pushed(change),
        line_of(change),
        plain(edited),
        plain(screens.standing(stands)),
    ):
        assert "Why: TASS took it back <today>" in shown


def test_a_corrected_answer_keeps_the_buttons_that_still_lead_somewhere() -> None:
    fact = a_fact(version=2)
    change = Change(kind=ChangeKind.CORRECTION, fact=fact, was=a_version(fact, "Three hours."))
    mistaken = Mistaken(message_id=9, exchange_id=3, follows=True, has_more=True)

    def left(change: Change, mistaken: Mistaken) -> list[object]:
        return [button.press for button in messages.corrected(change, mistaken, AT).buttons]

    other = Other(exchange_id=3, shown=0)
    assert left(change, mistaken) == [Follow(fact_id=7), other]
    gone = replace(change, fact=replace(fact, status=Status.WITHDRAWN))
    assert left(gone, mistaken) == [other]
    assert left(change, replace(mistaken, has_more=False, follows=False)) == []
    alerted = [messages.AllChanges(), messages.FewerAlerts()]
    assert left(change, Mistaken(message_id=9)) == alerted


def test_a_screen_never_cuts_a_first_sentence_before_its_figure() -> None:
    for row in tomllib.loads(CALL.decode())["facts"]:
        head, _ = markup.first_sentence(row["text"])
        assert markup.length(head) <= screens.SENTENCE
