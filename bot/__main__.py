"""`python -m bot` and the `storydesk` script: the command line.

What only one command needs is imported inside it, so that every command starts quickly.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

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


Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="FILE",
        help="Where the facts live, instead of STORYDESK_DATABASE.",
    ),
]


@app.command("import")
def import_facts(
    file: Annotated[
        Path, typer.Argument(help="A .toml, .json, .jsonl or .csv file; only `text` is required.")
    ],
    database: Database = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change and change nothing.")
    ] = False,
) -> None:
    """Take facts from a file: all of them, or none if anything in it is wrong.

    Fields of a fact: key, question, text, source, source_url, as_of, happened, status, weight,
    topics, next_word, check_by, phrasings. In .csv the first row names the fields, and topics and
    phrasings stand one a line within their cell. A fact whose key is known is updated: fields
    that the file does not name stay, empty ones are cleared. .toml and .json may also hold the
    story, its names and its synonyms; those in the file replace the stored ones.
    """
    from bot import clock, storage
    from bot.services.importing import Imported, Importing

    async def run() -> Imported:
        async with storage.opened(database or settings.load().database) as store:
            return await Importing(store, clock.now).load_file(file, dry_run=dry_run)

    done = asyncio.run(run())
    typer.echo(
        f"{'Would import' if done.dry_run else 'Imported'} {file.name}: {done.new:,} new, "
        f"{done.changed:,} changed, {done.unchanged:,} unchanged"
        f"{'; the story and its words changed' if done.story_changed else ''}."
    )


@app.command("export")
def export_facts(
    file: Annotated[Path, typer.Argument(help="The file to write; - is standard output.")],
    database: Database = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="toml, json, jsonl or csv; by default what the file's name ends in. "
            "jsonl and csv hold the facts only, without the story's names and synonyms.",
        ),
    ] = None,
) -> None:
    """Write the facts to a file that can be imported again."""
    from bot import storage
    from bot.services import exporting
    from bot.stories.storyfile import Format

    target = None if str(file) == "-" else file
    chosen = Format.of(f"export.{kind}" if kind else str(file) if target else "export.toml")

    async def run() -> str:
        address = database or settings.load().database
        async with storage.opened(address, made=False) as store:
            return await exporting.Exporting(store).export(chosen)

    text = asyncio.run(run())
    if target is None:
        sys.stdout.buffer.write(text.encode())
    else:
        exporting.save(text, target)


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
