"""What the clock calls: ticks over what the database says is due. A tick keeps nothing itself."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from telegram.ext import JobQueue

from bot.services.facts.reminders import Reminder
from bot.services.incidents import Report
from bot.telegram.gate import Lane
from bot.telegram.outcomes import Delivery
from bot.views import incidents as incident_views
from bot.views.alerts import controls as views
from bot.views.facts.reminders import reminder
from db.records.alerts import AlertState
from handlers.context import Context, Desk
from handlers.editor.alerts import pending_sends

logger = logging.getLogger(__name__)

WAITING_EVERY: Final = timedelta(seconds=30)
ALERTS_EVERY: Final = timedelta(seconds=1)
SHOWN_EVERY: Final = timedelta(seconds=3)
SWEEP_EVERY: Final = timedelta(hours=1)
SUMMARIES_EVERY: Final = timedelta(minutes=1)
FITS_EVERY: Final = timedelta(minutes=1)
DERIVED_EVERY: Final = timedelta(seconds=20)
REMINDERS_EVERY: Final = timedelta(minutes=1)
BACKUP_EVERY: Final = timedelta(minutes=10)
"""How often it is looked whether a backup is due."""
INCIDENTS_EVERY: Final = timedelta(seconds=30)
LIFE_EVERY: Final = timedelta(days=1)

_NOBODY_THERE: Final = (Delivery.GONE, Delivery.REFUSED)
_TRIED_AGAIN: Final = (Delivery.FAILED, Delivery.LATER)


class Jobs(JobQueue[Context]):
    """PTB's queue of jobs, in which a late job is run rather than skipped."""

    async def stop(self, wait: bool = True) -> None:  # noqa: FBT001, FBT002 - PTB's signature
        """Begin no more jobs, and wait for those at work: none goes on behind a closed database."""
        if self.scheduler.running:
            self.scheduler.pause()
        await super().stop(wait)

    def begin_again(self, at: datetime) -> None:
        """Let every job run at `at`, and go on from there: for a clock that was set back."""
        for job in self.scheduler.get_jobs():
            job.modify(next_run_time=at)

    # A property, since PTB configures the scheduler anew, and bare, when the application is built.
    @property
    def scheduler_configuration(self) -> dict[str, object]:
        """What PTB sets, and that a job is never too late; one missed often runs once."""
        late_is_fine = {"misfire_grace_time": None, "coalesce": True}
        return {**super().scheduler_configuration, "job_defaults": late_is_fine}


def schedule(application: Desk) -> None:
    """Let the ticks begin when the application starts: with what a stop or a crash left undone."""
    queue = application.job_queue
    assert queue is not None  # noqa: S101 - given to the builder
    queue.run_once(tick, timedelta(0), name="waiting at start")
    twice = {"max_instances": 2}
    # Two at most: the second of a long round merely asks it to look once more.
    queue.run_repeating(tick, WAITING_EVERY, name="waiting", job_kwargs=twice)
    queue.run_once(review, timedelta(0), name="review at start")
    queue.run_repeating(progress, SHOWN_EVERY, first=0, name="progress")
    queue.run_repeating(summaries, SUMMARIES_EVERY, first=0, name="summaries")
    # Once besides: what is repeated runs for the first time when its interval has passed.
    queue.run_once(reminders, timedelta(0), name="reminders at start")
    queue.run_repeating(reminders, REMINDERS_EVERY, name="reminders")
    queue.run_repeating(derived, DERIVED_EVERY, name="derived")
    queue.run_once(fit, timedelta(0), name="fits at start")
    queue.run_repeating(fit, FITS_EVERY, name="fits")
    queue.run_once(sweep, timedelta(0), name="sweep at start")
    queue.run_repeating(sweep, SWEEP_EVERY, name="sweep")
    queue.run_repeating(incidents, INCIDENTS_EVERY, name="incidents")
    queue.run_once(backup, timedelta(0), name="backup at start")
    queue.run_repeating(backup, BACKUP_EVERY, name="backup")
    queue.run_once(life, timedelta(0), name="life at start")
    queue.run_repeating(life, LIFE_EVERY, name="life")
    # A tick that finds another one sending leaves at once.
    queue.run_repeating(alerts, ALERTS_EVERY, first=0, name="alerts", job_kwargs=twice)


async def fit(context: Context) -> None:
    """Look for recent questions that fit facts which came since, in whatever way they came."""
    await context.services.questions.suggestions.fit()


async def derived(context: Context) -> None:
    """Store what was computed from the facts' texts, so that the next start need not do it."""
    await context.services.answers.reader.store_derived()


async def tick(context: Context) -> None:
    """Tell the waiting readers whose wait has ended."""
    await context.services.waiting_readers.run()


def soon(context: Context) -> None:
    """Let the next tick come at once: somebody's wait has just ended."""
    queue: JobQueue[Any] | None = context.job_queue  # PTB leaves open what its jobs are given
    assert queue is not None  # noqa: S101 - given to the builder
    queue.run_once(tick, timedelta(0), name="waiting at once")


async def alerts(context: Context) -> None:
    """Fan out the alerts that are due, and send what waits."""
    services = context.services
    await services.alerts.broadcasts.tick()
    await services.alerts.deliveries.tick()


async def review(context: Context) -> None:
    """Ask the desk what becomes of the sends of a backup that was restored."""
    await pending_sends.ask(context)


async def progress(context: Context) -> None:
    """Keep the desk's messages up to date with how far its alerts have come."""
    services, ended = context.services, []
    for seen in await services.alerts.controls.watched():
        chat_id, message_id = seen.alert.desk_chat_id, seen.alert.desk_message_id
        if chat_id is None or message_id is None or seen.alert.state is AlertState.HELD:
            continue  # while it is held, what stands there is true
        if services.alerts.controls.is_news(seen):
            sent = await services.messenger.edit(
                views.progress(seen), chat_id=chat_id, message_id=message_id, lane=Lane.ALERT
            )
            if sent.delivery not in _TRIED_AGAIN:
                services.alerts.controls.seen(seen)
        if seen.ended:
            ended.append(seen.alert.id)
    await services.alerts.controls.seen_to_end(ended)


async def summaries(context: Context) -> None:
    """Write the summaries whose hour has come."""
    await context.services.alerts.summaries.tick()


async def reminders(context: Context) -> None:
    """Remind the desk of the facts that it must look at again."""

    async def tell(due: Reminder) -> bool:
        message, messenger = reminder(due), context.services.messenger
        if due.group is not None:
            sent = await messenger.send(message, chat_id=due.group, lane=Lane.ALERT)
            if sent.delivery not in _NOBODY_THERE:
                return sent.delivery is Delivery.DELIVERED
        sendings = [
            await messenger.send(message, chat_id=person, lane=Lane.ALERT) for person in due.members
        ]
        return any(sent.delivery is Delivery.DELIVERED for sent in sendings)

    await context.services.facts.reminders.tick(tell)


async def life(context: Context) -> None:
    """Log a sign of life, with the last day's numbers."""
    seen = await context.services.questions.statistics.life()
    logger.info(
        "in the last day: %d asked, %d answered, %d alerts; now %d facts, %d subscribers, %d wait",
        seen.asked,
        seen.answered,
        seen.alerts,
        seen.facts,
        seen.subscribers,
        seen.waiting,
    )


async def incidents(context: Context) -> None:
    """Tell the operators' chat what has begun to go wrong, and what is over."""
    reports, messenger = context.services.incidents, context.services.messenger
    if reports is None:
        return
    chat_id = reports.chat_id

    async def tell(report: Report) -> bool:
        logger.warning("incident %s %s", report.incident, "is over" if report.is_over else "begins")
        sent = await messenger.send(incident_views.report(report), chat_id=chat_id)
        return sent.delivery is Delivery.DELIVERED

    await reports.incidents.tick(tell)


async def backup(context: Context) -> None:
    """Make the backup that is due."""
    await context.services.files.backups.tick()


async def sweep(context: Context) -> None:
    """Forget the files that nobody has decided on, and what has been kept long enough."""
    await context.services.files.uploads.forget_old()
    await context.services.desk.retention.tick()
    await context.services.updates.forget()
