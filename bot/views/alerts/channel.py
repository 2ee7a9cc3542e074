"""The desk's channel as messages; pure."""

from typing import Final

from bot.services.alerts.channel import ChannelState, Relay
from bot.services.subscriptions import time_zones
from bot.views import markup, screens
from bot.views.answers import messages
from bot.views.message import Message
from db.records.alerts import Channel, Level

NOT_UNDERSTOOD: Final = screens.line(
    "I understand /channel @name, /channel @name big and /channel off."
)
NONE: Final = screens.line(
    "I post in no channel. Make me an administrator of one, with the right to post, then write "
    "/channel @name."
)


def relayed(relay: Relay) -> Message:
    """Return what is posted in the channel, or why nothing can be."""
    channel = relay.channel
    if channel is None:
        return NONE
    if channel.lost_at is not None:
        since = screens.local(channel.lost_at, relay.story, relay.at.date())
        head = f"I cannot post in {channel.name} any more, since {since}."
        return _told(head, _how(channel.name))
    what = "the big news" if channel.level is Level.BIG else "every update"
    head = f"In {channel.name} I post {what} about {messages.about(relay.story)}."
    rest = [_hours(relay), "/channel off ends it."]
    if relay.before is not None:
        rest.insert(0, f"{relay.before.name} gets nothing more.")
    return _told(head, " ".join(rest))


def ended(channel: Channel) -> Message:
    """Return that nothing more is posted."""
    return _told(f"I post nothing more in {channel.name}.", f"/channel {channel.name} begins anew.")


def refused(state: ChannelState, name: str) -> Message:
    """Return why nothing can be posted in the channel called `name`, and what to do."""
    match state:
        case ChannelState.NO_CHAT:
            text = f"I find no public channel called {name}: look at its link, and write it again."
        case ChannelState.NO_CHANNEL:
            text = f"{name} is no channel: a group gets alerts when you write /subscribe in it."
        case ChannelState.NO_RIGHT:
            text = f"I am not an administrator of {name} who may post: {_how(name, 'a')}"
        case _:
            text = f"Telegram does not tell me about {name} now: write it again in a minute."
    return screens.line(text)


def _how(name: str, first: str = "A") -> str:
    return (
        f"{first}dd me there as an administrator with the right to post, then write "
        f"/channel {name} again."
    )


def _hours(relay: Relay) -> str:
    begins, ends = relay.quiet.quiet_from, relay.quiet.quiet_to
    clock = time_zones.city_of(relay.story.time_zone)
    return (
        f"At any hour, without a sound from {begins:%H:%M} to {ends:%H:%M} by the clock of {clock}."
    )


def _told(head: str, rest: str) -> Message:
    return Message(text_html=f"{markup.bold(head)} {markup.escape(rest)}")
