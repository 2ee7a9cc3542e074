"""What editors write beside what every reader may write."""

from telegram import Update

from bot.messaging import screens, why
from handlers import arguments
from handlers.context import Context


async def explain(update: Update, context: Context) -> None:
    """Tell why the last question here, or the one behind the command, is answered as it is."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the route takes messages only
    services = context.services
    place, sender = arguments.place(message), message.from_user
    reasons = await services.explaining.why(
        arguments.after_command(message).strip(),
        place,
        person_id=None if sender is None else sender.id,
    )
    # To everybody else this is a command like any other that there is not.
    shown = screens.NO_SUCH_COMMAND if reasons is None else why.message(reasons)
    await services.messenger.send(shown, chat_id=place.chat_id, thread_id=place.thread_id)
