"""The people of the desk as messages, and the buttons below them; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.desk.invitations import Invited, Joined
from bot.services.desk.members import Moved, Removed, Roster
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.message import Button, Message, row_of
from bot.views.presses import Press, press
from db.records import Moment, Story
from db.records.desk import Editor, Role

A: Final = {Role.CONTRIBUTOR: "a contributor", Role.EDITOR: "an editor", Role.OWNER: "an owner"}
ON_A_PAGE: Final = 20
BUTTONS: Final = 4
NAME_LENGTH: Final = 60


@press("2pe")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListFrom(Press):
    """List the members of the desk but for the first `skip`."""

    skip: int


@press("2pl")
@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseFrom(Press):
    """Offer to remove members, but for the first `skip`."""

    skip: int


@press("2pr")
@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(Press):
    """Take this person off the desk; `shown_at` in seconds since 1970."""

    person_id: int
    shown_at: int


def invited(given: Invited, *, bot: str | None) -> Message:
    """Return a new link, and whom to send it to."""
    link, story = given.invitation, given.story
    until = screens.local(link.expires_at, story, link.made_at.date())
    return Message(
        text_html=(
            f"<b>A link for {A[link.role]}.</b> Send it to that person alone: whoever opens it "
            f"first is on the desk. It works once, until {markup.escape(until)}.\n\n"
            + markup.escape(_opening(given.secret, bot))
        )
    )


def first_link(secret: str | None, *, bot: str | None) -> str | None:
    """Return what the terminal shows while nobody owns the desk; None without a secret."""
    if secret is None:
        return None
    does = "opens this link" if bot else "writes this"
    return (
        f"Nobody runs the desk yet. Whoever {does} first, within 24 hours, becomes its owner: "
        + _opening(secret, bot)
    )


FIRST_STEPS: Final = (
    "Add a fact in one message, its source on a line of its own:\n"
    "/add How long did it last?\nAbout two hours.\nSource: the council\n"
    "You see it as readers will, and nothing goes out before "
)


def first_steps(role: Role) -> str:
    """Return what somebody new to the desk can do at once in their role."""
    if role.covers(Role.EDITOR):
        then = "you tap. /desk shows what readers wait for; the menu lists the rest."
    else:
        then = "an editor publishes it. /drafts shows what waits; the menu lists the rest."
    return FIRST_STEPS + then


NOT_THE_DESK: Final = Message(
    text_html="The desk does not work in this group. /desk here makes it the desk's: its members "
    "with a role can then work on the story here."
)


def help_text(role: Role) -> Message:
    """Return what a member of the desk types, and where the rest is."""
    lines = [
        f"<b>You are {A[role]} of the desk.</b>",
        "Add a fact: /add, then question, answer and Source: on lines of their own.",
        "See one: /fact 7, or /find and words.",
    ]
    if role.covers(Role.EDITOR):
        lines += [
            "Change one: reply to its card with new words, or /edit 7 new words.",
            "Take one back: /withdraw 7 and the reason. Undo the last: /undo.",
            "What readers wait for: /desk. What nobody knows: /unknown.",
        ]
    else:
        lines.append("An editor publishes what you add, and makes the changes. Yours: /drafts.")
    lines.append("The menu lists the rest. What readers get under /help stands below.")
    return Message(text_html="\n".join(lines))


def joined(given: Joined) -> Message:
    """Return what opening a link did, for the person who opened it."""
    role = A[given.editor.role]
    if not given.changed:
        return Message(
            text_html=f"<b>You are on the desk already, as {role}.</b> The link is unused still."
        )
    return Message(
        text_html=f"<b>You are on the desk now, as {role}.</b>\n{first_steps(given.editor.role)}"
    )


def entered(given: Joined) -> Message:
    """Return the word for the owner whose link was used."""
    name = markup.escape(name_of(given.editor.name))
    return Message(text_html=f"<b>{name} is on the desk now</b>, as {A[given.editor.role]}.")


def roster(shown: Roster, skip: int = 0) -> Message:
    """Return who is on the desk; owners see numbers too, and how to remove somebody."""
    skip = skip if skip < len(shown.members) else 0
    page = shown.members[skip : skip + ON_A_PAGE]
    count = len(shown.members)
    first = "1 person is on the desk." if count == 1 else f"{count} people are on the desk."
    lines = [markup.bold(first), *(_line(member, shown) for member in page)]
    buttons: list[Button] = []
    if skip + ON_A_PAGE < count:
        buttons.append(Button(label="More", press=ListFrom(skip=skip + ON_A_PAGE)))
    if shown.seen_by is Role.OWNER and shown.removable:
        buttons.append(Button(label="Remove somebody", press=ChooseFrom(skip=0)))
    return Message(text_html="\n".join(lines), buttons=tuple(buttons))


def choice(shown: Roster, skip: int = 0) -> Message:
    """Return the members whom an owner may remove, a few buttons at a time."""
    those = [member for member in shown.members if member.id in shown.removable]
    if not those:
        return Message(
            text_html=(
                "<b>There is nobody to remove.</b> The only owner stays, and so do those whom the "
                "setting STORYDESK_OWNERS names."
            )
        )
    skip = skip if skip < len(those) else 0
    at_once = BUTTONS if len(those) <= BUTTONS else BUTTONS - 1
    at = int(shown.at.timestamp())
    buttons = [
        row_of(
            f"Remove {name_of(member.name)}, {member.role}",
            Remove(person_id=member.id, shown_at=at),
        )
        for member in those[skip : skip + at_once]
    ]
    if len(those) > BUTTONS:
        following = skip + at_once
        buttons.append(
            Button(
                label="Others", press=ChooseFrom(skip=following if following < len(those) else 0)
            )
        )
    return Message(
        text_html=(
            "<b>Who leaves the desk?</b> What they are at is dropped, and links that they made "
            "end. What they published stays."
        ),
        buttons=tuple(buttons),
    )


def removed(given: Removed) -> Message:
    """Return that somebody is off the desk."""
    name = markup.escape(name_of(given.editor.name))
    text = f"<b>{name} is off the desk.</b>"
    if given.dropped:
        text += f" Dropped with it: {given.dropped} of their unfinished changes."
    return Message(text_html=text)


def moved(given: Moved) -> Message:
    """Return where the desk works now."""
    if given.now is None:
        return Message(text_html="<b>The desk works in private chats alone now.</b>")
    if given.now == given.before:
        return Message(text_html="<b>The desk works here already.</b>")
    text = (
        "<b>The desk works here now.</b> Its members can use its commands in this group; everybody "
        "else here reads along. /desk gone ends it."
    )
    if given.before is not None:
        text += " The group where it worked before is an ordinary one again."
    return Message(text_html=text)


def name_of(name: str) -> str:
    """Return a person's name fit for one line."""
    return markup.shorten(" ".join(name.split()), NAME_LENGTH) or "somebody"


def _line(member: Editor, shown: Roster) -> str:
    since = _day(member.since, shown.story, shown.at.date())
    parts = [str(member.role), f"since {since}"]
    if member.invited_by is not None:
        inviter = shown.names.get(member.invited_by, str(member.invited_by))
        parts.append(f"invited by {name_of(inviter)}")
    elif member.id in shown.by_settings:
        parts.append("by STORYDESK_OWNERS")
    if shown.seen_by is Role.OWNER:
        parts.append(f"number {member.id}")
    return markup.escape(f"• {name_of(member.name)}: {', '.join(parts)}")


def _day(at: datetime, story: Story, today: date) -> str:
    return messages.moment(Moment(at.astimezone(ZoneInfo(story.time_zone)).date()), today)


def _opening(secret: str, bot: str | None) -> str:
    start = f"join_{secret}"
    return messages.deep_link(bot, start) or f"/start {start}"
