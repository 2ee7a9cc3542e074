"""The people of the desk as messages: whole, escaped, short, with few buttons."""

from datetime import timedelta

import pytest

from bot.rehearsal.api import html
from bot.services.desk.invitations import Invited, Joined
from bot.services.desk.members import Moved, Removed, Roster
from bot.views.desk import members as desk_members
from bot.views.message import Message, plain
from bot.views.presses import encode
from db.records.desk import Editor, Invitation, Role
from tests.samples import AT, a_story

EVIL = '<b>Ada</b> & \n"co" \u202e<script>'


def editor(number: int, name: str = EVIL, role: Role = Role.EDITOR) -> Editor:
    return Editor(id=number, name=name, role=role, invited_by=number - 1, since=AT)


def roster(count: int, name: str = EVIL) -> Roster:
    members = tuple(editor(number, name) for number in range(1, count + 1))
    return Roster(
        members=members,
        names={member.id: name for member in members},
        removable=frozenset(member.id for member in members),
        by_settings=frozenset(),
        seen_by=Role.OWNER,
        story=a_story(),
        at=AT,
    )


def every_message() -> list[Message]:
    invitation = Invitation(
        id=1, role=Role.EDITOR, made_by=1, made_at=AT, expires_at=AT + timedelta(hours=48)
    )
    invited = Invited(secret="s" * 43, invitation=invitation, story=a_story())
    shown = [desk_members.invited(invited, bot=name) for name in ("storydesk_bot", None)]
    for changed in (True, False):
        joined = Joined(editor=editor(3), changed=changed)
        shown += [desk_members.joined(joined), desk_members.entered(joined)]
    for name in ("", EVIL, "x" * 200, "\U0001f9d1" * 200):
        for count in (0, 1, 4, 5, 200):
            listed = roster(count, name)
            shown += [desk_members.roster(listed, skip) for skip in (0, 20, 199, 10**18)]
            shown += [desk_members.choice(listed, skip) for skip in (0, 3, 10**18)]
    shown += [desk_members.removed(Removed(editor=editor(3), dropped=n)) for n in (0, 2)]
    shown += [
        desk_members.moved(Moved(now=now, before=was)) for now in (None, -1) for was in (None, -1)
    ]
    return shown


@pytest.mark.parametrize("message", every_message(), ids=lambda _: "")
def test_every_message_can_be_sent(message: Message) -> None:
    text, _ = html.parse(message.text_html)
    assert 0 < len(text.encode("utf-16-le")) // 2 <= 4096
    assert len(message.buttons) <= 4
    for button in message.buttons:
        assert 0 < len(button.label) <= 64
        assert len(encode(button.press)) <= 64


def test_a_link_is_readable_without_formatting() -> None:
    message = every_message()[0]
    assert plain(message).endswith(f"https://t.me/storydesk_bot?start=join_{'s' * 43}")
    assert "until 22 May 12:00" in plain(message)


def test_names_stay_names() -> None:
    assert '• <b>Ada</b> & "co"' in plain(desk_members.roster(roster(1)))
    assert "<script>" not in desk_members.roster(roster(1)).text_html
