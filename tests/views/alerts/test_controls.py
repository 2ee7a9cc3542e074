"""What editors see of an alert: before it goes, while it does, and what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.alerts.audience import Reach
from bot.services.alerts.controls import Asked, Progress
from bot.views.alerts import controls as views
from bot.views.message import plain
from db.records import ChangeKind
from db.records.alerts import Alert, AlertKind, AlertState, Tally
from tests.samples import AT, a_story

NOBODY = Tally(total=0, sent=0, gone=0, refused=0, dropped=0, edited=0, unsure=0)
ALERT = Alert(
    id=3,
    kind=AlertKind.NEWS,
    state=AlertState.HELD,
    change=ChangeKind.CORRECTION,
    fact_id=7,
    version=2,
    was_version=1,
    wrong_since=None,
    urgent=True,
    since=None,
    topics=(),
    made_by=5,
    made_at=AT,
    hold_until=AT + timedelta(seconds=20),
)


def seen(state: AlertState, *, tally: Tally = NOBODY, told: Tally = NOBODY) -> Progress:
    held = state is AlertState.HELD
    return Progress(
        alert=replace(ALERT, state=state),
        reach=Reach(subscribers=1204, followers=1, told=12) if held else None,
        tally=tally,
        told=told,
        left=timedelta(seconds=20 if held else 0),
        asked=(Asked(question="how long <b>", chats=12), Asked(question="how long was it", chats=1))
        if held
        else (),
        at=AT,
    )


def test_the_preview_says_how_many_how_loud_and_which_answers_change() -> None:
    shown = views.progress(seen(AlertState.HELD))
    assert plain(shown) == (
        "Goes out in 20 seconds, at any hour, without a sound at night. To 1,204 subscribers and 1 "
        "chat following this fact; first to 12 chats told what it replaces.\n"
        "Answers that change: “how long <b>” (12 chats); “how long was it” (1 chat)."
    )
    assert [button.label for button in shown.buttons] == ["Hold", "Send now"]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (AlertState.DUE, "On its way."),
        (AlertState.SUPERSEDED, "A newer change of the same fact took its place."),
    ],
)
def test_what_nobody_has_heard_yet_counts_nobody(state: AlertState, text: str) -> None:
    assert plain(views.progress(seen(state))) == text


@pytest.mark.parametrize(
    ("tally", "text", "labels"),
    [
        (NOBODY, "Held back. Nobody has heard it.", ["Carry on"]),
        (
            replace(NOBODY, total=3568, sent=1204, dropped=2364),
            "Stopped. Sent 1,204 of 3,568.",
            ["Carry on", "Correct it for the 1,204"],
        ),
    ],
)
def test_what_was_stopped_can_go_on_or_be_corrected(
    tally: Tally, text: str, labels: list[str]
) -> None:
    shown = views.progress(seen(AlertState.STOPPED, tally=tally))
    assert plain(shown) == text
    assert [button.label for button in shown.buttons] == labels


def test_the_end_proves_whom_the_correction_reached() -> None:
    told = replace(NOBODY, total=418, sent=412, gone=6, edited=37)
    everybody = replace(NOBODY, total=3568, sent=3422, gone=140, refused=6, edited=37)
    shown = views.progress(seen(AlertState.DONE, tally=everybody, told=told))
    assert plain(shown) == (
        "Told what it replaces: reached 412 of 418. 6 have blocked the bot or left. 37 messages "
        "edited. Others: reached 3,010 of 3,150."
    )
    doubtful = views.progress(
        seen(AlertState.DONE, tally=replace(told, gone=0, edited=0, unsure=2))
    )
    assert "Of 2 chats nobody knows whether it came once." in plain(doubtful)
    news = views.progress(seen(AlertState.DONE, tally=replace(NOBODY, total=2, sent=1, gone=1)))
    assert plain(news) == "Reached 1 of 2. 1 has blocked the bot or left."


def test_progress_says_for_whom_it_waits_and_until_when() -> None:
    tally = replace(NOBODY, total=3, sent=2)
    waits = replace(
        seen(AlertState.SENDING, tally=tally),
        waiting=1,
        waits_until=AT + timedelta(hours=10),
        story=a_story(time_zone="Europe/Kyiv"),
    )
    assert plain(views.progress(waits)) == "Sent 2 of 3. 1 waits until 22:00."
    later = replace(waits, waiting=2, waits_until=AT + timedelta(days=2))
    assert plain(views.progress(later)) == "Sent 2 of 3. 2 wait until 22 May 12:00."
    counting = seen(AlertState.DUE, tally=tally)
    assert plain(views.progress(counting)) == "Sent 2 so far."
