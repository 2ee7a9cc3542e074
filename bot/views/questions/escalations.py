"""What readers see of a question that was passed on to the desk; pure."""

from typing import Final

from bot.services.questions.escalations import AT_ONCE, Ending, Escalation, Refusal
from bot.views import markup
from bot.views.answers import messages
from bot.views.message import Button, Message
from bot.views.presses import NeverMind, PassOn
from db.records.desk import Wait

TAKEN_BACK: Final = "Taken back. I no longer look for an answer."

REFUSALS: Final = {
    Refusal.TOO_MANY_WAIT: f"{AT_ONCE} of your questions are waiting already. "
    "I can pass on another when one of them is answered, or when you take one back.",
    Refusal.TOO_MANY_TODAY: "I have passed on as many questions from here as I can in a day. "
    "Please try again tomorrow.",
    Refusal.ONLY_PERSONAL: "I leave out personal data when I pass a question on, and nothing else "
    "is left of this one. Please ask in other words.",
    Refusal.CLOSED: "This story has ended, and the desk no longer looks for answers.",
}
"""Why a question is not passed on, for the short notice above the chat: 200 characters at most."""


def waiting(given: Escalation, *, bot: str | None = None) -> Message:
    """Return what stands in the place of the answer while its reader waits."""
    button = Button(label="Never mind", press=NeverMind(exchange_id=given.exchange_id))
    if given.unknown is not None:
        told = messages.answer(given.unknown, bot=bot).text_html
        others = _others(given.others, "is waiting too.", "are waiting too.")
        text = f"{told}\n\nI will tell you when it is known. {others}".rstrip()
        return Message(text_html=text, buttons=(button,))
    same = "waiting for the same answer."
    rest = _others(given.others, f"is {same}", f"are {same}")
    text = f"{markup.bold('Passed on.')} {rest or 'I answer here when the desk knows.'}"
    return Message(text_html=text, buttons=(button,))


def ending(ended: Ending, *, bot: str | None = None) -> Message:
    """Return how a wait ended; a reply to the reader's own words, or else with them."""
    if ended.answer is not None:
        shown = messages.answer(ended.answer, bot=bot)
        text, buttons = shown.text_html, shown.buttons
        if ended.goes_on:
            text += "\n\nI will tell you when it is known."
            buttons = (Button(label="Never mind", press=NeverMind(exchange_id=ended.exchange_id)),)
    elif ended.state is Wait.EXPIRED:
        text = f"{markup.bold('Nobody has found out yet.')} You can pass the question on again."
        again = PassOn(exchange_id=ended.exchange_id)
        buttons = (Button(label="Pass it on again", press=again), messages.WHAT_WE_KNOW)
    else:
        text = f"{markup.bold('The desk could not find out.')} Ask again when there is more news."
        buttons = (messages.WHAT_WE_KNOW,)
    if ended.reply_to is None:
        asked = markup.escape(f"You asked: {markup.shorten(ended.words, 300)}")
        text += f"\n<i>{asked}</i>"
    return Message(text_html=text, buttons=buttons)


def _others(number: int, one: str, more: str) -> str:
    if number <= 0:
        return ""
    return f"1 other reader {one}" if number == 1 else f"{number} other readers {more}"
