"""`python -m bot` and the `storydesk` script: the command line."""

import sys

import typer

from bot import log, settings
from bot.errors import StorydeskError

app = typer.Typer(
    name="storydesk",
    help="A Telegram bot that answers questions about one news story from checked facts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command("settings")
def show_settings() -> None:
    """List every setting, its value and its meaning."""
    current = settings.load()
    for name, field in settings.Settings.model_fields.items():
        value = getattr(current, name)
        shown = "(not set)" if value is None else str(value)
        typer.echo(f"{settings.PREFIX}{name.upper()} = {shown}\n    {field.description}")


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("storydesk"))


def main() -> None:
    """Run one command; an error for people becomes one sentence and a non-zero exit."""
    log.configure()
    try:
        app()
    except StorydeskError as error:
        typer.echo(log.redact(str(error)), err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
