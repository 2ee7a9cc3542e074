"""`python -m bot` and the `storydesk` script: the command line.

What only one command needs is imported inside it, so that every command starts quickly.
"""

import asyncio
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated, Final

import typer

from bot import log, settings, story_files
from bot.commands import database as database_commands
from bot.commands import installation
from bot.errors import SettingError, StorydeskError
from bot.story_files import Database

KEPT: Final = "rehearsal.sqlite3"
"""Where a rehearsal is kept that is to go on another day."""

app = typer.Typer(
    name="storydesk",
    help="A Telegram bot that answers questions about one news story from checked facts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    database: Database = None,
    accept_changed_answers: Annotated[
        bool,
        typer.Option(
            "--accept-changed-answers",
            help="Start also after an upgrade that changes what saved questions get.",
        ),
    ] = False,
) -> None:
    """Answer questions on Telegram, until Ctrl+C."""
    end_at_sigterm()
    from bot import app as root

    chosen = settings.load(database=database)
    if accept_changed_answers:
        chosen = chosen.accepting_changed_answers()
    log.set_level(chosen.log_level)
    if chosen.log_format == "json":
        log.use_json()
    if (warning := settings.exposed()) is not None:
        typer.echo(warning, err=True)
    asyncio.run(root.serve(chosen, tell=typer.echo, leave=_leave))


@app.command()
def start(database: Database = None) -> None:
    """Answer questions: on Telegram with STORYDESK_TOKEN set, else in this terminal."""
    if settings.load(database=database).token is None:
        rehearse(database=database, port=0, keep=False)
    else:
        run(database=database, accept_changed_answers=False)


@app.command()
def rehearse(
    database: Database = None,
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Port of the stand-in for Telegram; 0 takes any."),
    ] = 0,
    keep: Annotated[
        bool, typer.Option("--keep", help=f"Keep everything in {KEPT}, and go on with it.")
    ] = False,
) -> None:
    """Play the whole bot in this terminal, without Telegram and without a token.

    The facts are forgotten at the end, unless a database is named or --keep keeps them.
    """
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if is_terminal:  # what follows takes seconds
        typer.echo("Setting up the story …")
    from bot import app as root
    from bot.rehearsal.console import client

    log.quieten()
    chosen = settings.load(database=database or (KEPT if keep else None))
    named = "database" in chosen.model_fields_set
    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        if not named:
            chosen = settings.load(database=str(Path(folder, "rehearsal.sqlite3")))
        code = asyncio.run(client.rehearse(root.rehearsing(chosen), port=port, goes_on=named))
    if is_terminal:
        typer.echo(
            f"Everything is kept in {chosen.database}: the next rehearsal on it goes on there."
            if named
            else "All that was added here is forgotten now; storydesk rehearse --keep keeps it."
        )
    sys.exit(code)


def _existing(database: str | None) -> settings.Settings:
    """Return the settings; StoreError for a database that was named and is not there."""
    from bot import storage

    chosen = settings.load(database=database)
    if database is not None:
        storage.must_exist(chosen.database)
    return chosen


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="What to ask, in your own words.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help='Ask each line: {"id": "1", "q": "How long did it last?"}, or with '
            '"turns": [{"q": "…"}, …] for questions that lean on one another.',
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each answer as one line of JSON.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print also how the answer was found.")
    ] = False,
    database: Database = None,
) -> None:
    """Answer a question here, as the chat would; beside a running bot and without a trace."""
    from bot import asking, desk

    if as_json and explain:
        raise SettingError("An explanation is for reading: leave out --json or --explain.")
    asked = asking.conversations(question, file)
    chosen = _existing(database)

    async def tell() -> None:
        async with desk.explained(chosen) as (answering, explaining):
            for conversation in asked:
                for turn in await asking.explained(answering, explaining, conversation):
                    typer.echo(turn)

    async def answer() -> None:
        async with desk.opened(chosen) as answering:
            for conversation in asked:
                for turn in await asking.answered(answering, conversation):
                    typer.echo(asking.as_json(turn) if as_json else asking.as_text(turn))

    asyncio.run(tell() if explain else answer())


@app.command()
def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="A public set (facts, questions and off_topic in each line), questions on the "
            "story in the database (q, style and must, or turns), or a folder with a story's "
            "facts.json and questions.jsonl.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures of each file as one line of JSON.")
    ] = False,
    database: Database = None,
) -> None:
    """Measure how often questions with known answers are answered right, and at what cost.

    Without files the saved questions of the database are run, where there are any. Then the story
    is asked its own phrasings, a fifth of them held out at a time. Only the fact that a phrasing
    belongs to counts as right then, though others may answer it as well, so these figures are
    lower than what readers meet.

    Times are CPU milliseconds a question, from the message to the verdict.
    """
    from bot.evaluation import prepared, reading, report, running, saved

    show = report.as_json if as_json else report.as_text
    if not files:
        chosen = _existing(database)
        run = running.saved(chosen)
        if run.judged:
            typer.echo(saved.as_json(run) if as_json else saved.as_text(run))
        typer.echo("Asking the story its own ways of asking; this takes minutes.", err=True)
        typer.echo(show("phrasings", running.own_phrasings(chosen)))
        return
    stories = [file for file in files if prepared.is_story(file)]
    everything = [(file, reading.read(file)) for file in files if file not in stories]
    for folder in stories:
        for count in prepared.PHRASINGS:
            name = f"{folder}, {count} phrasings a fact"
            typer.echo(show(name, prepared.figures(folder, count)))
    for file, questions in everything:
        figures = running.figures(questions, lambda: _existing(database))
        typer.echo(show(str(file), figures))


@app.command("settings")
def show_settings(database: Database = None) -> None:
    """List every setting, its value and its meaning."""
    current = settings.load(database=database)
    for name, field in settings.Settings.model_fields.items():
        value = getattr(current, name)
        if isinstance(value, tuple):
            value = ", ".join(map(str, value)) or None
        shown = "(not set)" if value is None else settings.public(str(value))
        said = f"{shown}, {settings.origin(name)}" if value is not None else shown
        typer.echo(f"{settings.PREFIX}{name.upper()} = {said}\n    {field.description}")


app.command("import")(story_files.import_facts)
app.command("export")(story_files.export_facts)
app.command()(story_files.new)
app.command()(story_files.restore)
app.add_typer(database_commands.app)
app.command()(installation.doctor)
app.command()(installation.init)


@app.command()
def prepare() -> None:
    """Learn the bundled story once for this machine, so that a new database need not."""
    from bot import desk

    with tempfile.TemporaryDirectory(prefix="storydesk-") as folder:
        asyncio.run(desk.prepare(str(Path(folder, "bundled.sqlite3"))))


@app.command()
def health(database: Database = None) -> None:
    """Say whether a bot is running on the database and the database can be read.

    Ends with 0 if so and with 1 if not, for health checks. It asks nothing of Telegram: a bot
    whose token is refused, or that no longer asks for updates, ends by itself.
    """
    from bot import storage

    address = settings.load(database=database).database
    storage.check(address)
    typer.echo(f"A bot is running on {address}, and the database can be read.")


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(installed("storydesk"))


def _leave() -> None:
    """End the process at once, without waiting for threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def end_at_sigterm() -> None:
    """Let a stop end the process without a failure, also before there is anything to stop."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def main() -> None:
    """Run one command; an error for people becomes one sentence and a non-zero exit."""
    log.configure()
    try:
        app()
    except StorydeskError as error:
        typer.echo(log.redact(str(error)), err=True)
        sys.exit(error.exit_code)
    except Exception:  # noqa: BLE001 - the interpreter would print the traceback with the token in it
        typer.echo(log.redact(traceback.format_exc()), err=True)
        sys.exit(70)


if __name__ == "__main__":
    main()
