"""`python -m bot` and the `storydesk` script: the command line."""

import asyncio
import logging
import sys
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import typer
from pydantic import SecretStr

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
def rehearse(
    port: int = typer.Option(0, min=0, max=65535, help="Port of the stand-in; 0 takes any."),
    database: str = typer.Option("", help="Keep the facts here; otherwise they are forgotten."),
) -> None:
    """Play the whole bot in this terminal, without Telegram and without a token."""
    from bot.rehearsal import client

    log.configure(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        kept = database or str(Path(folder) / "rehearsal.sqlite3")

        def run_bot(api_url: str, token: str) -> AbstractAsyncContextManager[None]:
            from bot.app import running  # type: ignore[import-untyped]

            told = {"token": SecretStr(token), "api_url": api_url, "database": kept}
            bot: AbstractAsyncContextManager[None] = running(
                settings.load().model_copy(update=told)
            )
            return bot

        code = asyncio.run(client.rehearse(run_bot, port=port))
    sys.exit(code)


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
