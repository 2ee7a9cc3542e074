"""`storydesk init` and `storydesk doctor`: an installation set up, and one looked over."""

import asyncio
import sys

import typer

from bot import log, settings
from bot.errors import SettingError
from bot.story_files import Database


def doctor(database: Database = None) -> None:
    """Look over everything that the bot needs: each is ok, or is followed by what mends it.

    Ends with 1 where something must be mended. Nothing is changed, and nothing is sent.
    """
    from bot.operations import doctor as examination

    try:
        chosen = settings.load(database=database)
    except SettingError as error:
        typer.echo(log.redact(f"FIX  settings: {error}"))
        sys.exit(1)
    if chosen.token is not None:
        log.hide(chosen.token.get_secret_value())
    findings = asyncio.run(examination.examine(chosen))
    for each in findings:
        said = (
            f"ok   {each.name}: {each.note}"
            if each.fix is None
            else f"FIX  {each.name}: {each.fix}"
        )
        typer.echo(log.redact(said))
    if any(each.fix is not None for each in findings):
        sys.exit(1)


def init() -> None:
    """Set the bot up: five questions, then the file .env and, if you like, a story of your own."""
    from bot.operations import initialization

    if not sys.stdin.isatty():
        raise SettingError(
            "storydesk init asks questions at a terminal: elsewhere copy .env.example to .env."
        )

    def ask(question: str, *, hidden: bool) -> str:
        return str(typer.prompt(question, default="", show_default=False, hide_input=hidden))

    chosen = settings.load()
    for line in asyncio.run(
        initialization.initialize(
            ask, api_url=chosen.api_url, database=chosen.database, proxy=chosen.proxy
        )
    ):
        typer.echo(line)
