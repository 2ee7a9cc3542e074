"""Ticks of the clock: stateless, over what is due in the database."""

from datetime import timedelta
from typing import Final

from bot.messaging.desk import steering as views
from bot.messaging.gate import Lane
from handlers.context import Context, Desk

EVERY: Final = timedelta(seconds=1)
SHOWN_EVERY: Final = timedelta(seconds=3)
EACH_MINUTE: Final = timedelta(minutes=1)


async def alerts(context: Context) -> None:
    """Fan out the alerts that are due, and send what waits."""
    services = context.services
    await services.broadcasting.tick()
    await services.delivering.tick()


async def progress(context: Context) -> None:
    """Keep the desk's messages up to date with how far its alerts have come."""
    services, ended = context.services, []
    for seen in await services.steering.watched():
        chat_id, message_id = seen.alert.desk_chat_id, seen.alert.desk_message_id
        if chat_id is None or message_id is None:
            continue
        await services.messenger.edit(
            views.progress(seen), chat_id=chat_id, message_id=message_id, lane=Lane.ALERT
        )
        if seen.ended:
            ended.append(seen.alert.id)
    await services.steering.seen_to_end(ended)


async def summaries(context: Context) -> None:
    """Write the summaries whose hour has come."""
    await context.services.summarising.tick()


def schedule(application: Desk) -> None:
    """Let the ticks run while the application does."""
    queue = application.job_queue
    assert queue is not None  # noqa: S101 - given to the builder
    # A tick that finds another one sending leaves at once.
    queue.run_repeating(progress, SHOWN_EVERY, first=0, name="progress")
    queue.run_repeating(summaries, EACH_MINUTE, first=0, name="summaries")
    queue.run_repeating(alerts, EVERY, first=0, name="alerts", job_kwargs={"max_instances": 2})
