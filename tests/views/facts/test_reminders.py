"""Reminders as the desk reads them."""

from bot.services.facts.reminders import Due, Reminder
from bot.views import markup
from bot.views.facts.reminders import StillTrue, reminder
from bot.views.message import plain
from bot.views.presses import encode
from db.records import Moment
from tests.samples import AT, a_fact, a_story


def reminded(count: int = 1, shown: int = 1, **fields: object) -> Reminder:
    first = tuple(
        Due(fact=a_fact(number, check_by=AT, **fields), checked_at=AT)
        for number in range(7, 7 + shown)
    )
    return Reminder(first=first, count=count, group=None, members=(), story=a_story(), at=AT)


def test_one_fact_comes_with_its_words_and_two_buttons() -> None:
    said = reminded(source="TASS", as_of=Moment.parse("2025-05-19"))
    message = reminder(said)
    assert plain(message) == (
        "1 fact is due for another look.\n\n"
        "#7 · How long did it last? About two and a half hours. That is the agency's figure.\n"
        "Said: TASS, 19 May. Last checked: 20 May 12:00. Due since: 20 May 12:00.\n\n"
        "Still so: /still 7, or /still 7 next look tomorrow 9:00. Changed: /edit 7 and the new "
        "words."
    )
    assert [button.label for button in message.buttons] == ["Still true", "Show #7"]
    press = StillTrue(fact_id=7, version=1, due=int(AT.timestamp()))
    assert message.buttons[0].press == press
    assert len(encode(press)) <= 64


def test_hundreds_are_counted_and_fit_one_message() -> None:
    message = reminder(reminded(1305, 5, text="x<&" * 333, question="?" * 300, source="s" * 300))
    text = plain(message)
    assert text.startswith("1,305 facts are due for another look.")
    assert "And 1,300 more: /desk, then Fresh look." in text
    assert markup.length(text) < 2500
    labels = [f"#{number} is still true" for number in (7, 8, 9)]
    assert [button.label for button in message.buttons] == [*labels, "Fresh look"]
