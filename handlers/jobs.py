"""What the clock calls: ticks over what the database says is due. A tick keeps nothing itself."""

from datetime import timedelta
from typing import Any, Final

from telegram.ext import JobQueue

from handlers.context import Context, Desk

EVERY: Final = timedelta(seconds=30)


class Jobs(JobQueue[Context]):
    """PTB's queue of jobs, in which a late job is run rather than skipped."""

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
    # Two at most: the second of a long round merely asks it to look once more.
    queue.run_repeating(tick, EVERY, name="waiting", job_kwargs={"max_instances": 2})


async def tick(context: Context) -> None:
    """Tell the waiting readers whose wait has ended."""
    await context.services.telling.run()


def soon(context: Context) -> None:
    """Let the next tick come at once: somebody's wait has just ended."""
    queue: JobQueue[Any] | None = context.job_queue  # PTB leaves open what its jobs are given
    assert queue is not None  # noqa: S101 - given to the builder
    queue.run_once(tick, timedelta(0), name="waiting at once")
