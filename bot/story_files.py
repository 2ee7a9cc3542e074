"""The commands that take a story in, write it out, or put another one in its place.

What only one command needs is imported inside it, as in `bot.__main__`.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import settings
from bot.stories.notes import DateOrder

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="FILE",
        help="Where the facts live, instead of STORYDESK_DATABASE.",
    ),
]


def import_facts(
    file: Annotated[
        Path,
        typer.Argument(
            help="A spreadsheet (.xlsx, .csv, .tsv), a page of questions and answers (.html, .md, "
            ".txt), another tool's .json, or .toml, .json, .jsonl as below; only the answer is "
            "required."
        ),
    ],
    *,
    database: Database = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change and change nothing.")
    ] = False,
    dates: Annotated[
        DateOrder | None,
        typer.Option(
            "--dates", help="What comes first in 5/6/2025, where nothing in the file decides it."
        ),
    ] = None,
) -> None:
    """Take facts from a file: all of them, or none if anything in it is wrong.

    Fields of a fact: key, question, text, source, source_url, as_of, happened, status, weight,
    topics, next_word, check_by, phrasings. In a spreadsheet the first row names the fields, in
    these words or the usual others (Answer, Tags, Link), and topics and phrasings stand one a line
    within their cell. How the file was read is printed. A fact whose key is known is updated:
    fields that the file does not name stay, empty ones are cleared. .toml and .json may also hold
    the story, its names and its synonyms; those in the file replace the stored ones.
    """
    from bot import clock, storage
    from bot.services.files.imports import Imported, Imports
    from bot.views.files import file_notes

    async def run() -> Imported:
        address = settings.load(database=database).database
        opened = storage.looked_at(address) if dry_run else storage.opened(address)
        async with opened as store:
            importing = Imports(store, clock.now)
            return await importing.load_file(file, dry_run=dry_run, order=dates)

    done = asyncio.run(run())
    typer.echo(
        f"{'Would import' if done.dry_run else 'Imported'} {file.name}: {done.new:,} new, "
        f"{done.changed:,} changed, {done.unchanged:,} unchanged"
        f"{'; the story and its words changed' if done.story_changed else ''}."
    )
    for line in (*file_notes.warnings(done.cautions), *file_notes.sentences(done.notes)):
        typer.echo(f"  {line}")


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
    from bot.services.files import exports
    from bot.stories.storyfile import Format

    target = None if str(file) == "-" else file
    chosen = Format.written(f"export.{kind}" if kind else str(file) if target else "export.toml")

    async def run() -> str:
        address = settings.load(database=database).database
        async with storage.opened(address, made=False) as store:
            return await exports.Exports(store).export(chosen)

    text = asyncio.run(run())
    if target is None:
        sys.stdout.buffer.write(text.encode())
    else:
        exports.save(text, target)


def new(
    title: Annotated[str | None, typer.Option(help="What the story is called.")] = None,
    about: Annotated[str | None, typer.Option(help='Ends the sentence "I only follow …".')] = None,
    place: Annotated[str | None, typer.Option(help="Where it takes place: its clock.")] = None,
    language: Annotated[str, typer.Option(help="Two letters.")] = "en",
    database: Database = None,
) -> None:
    """Begin a story of your own; what is missing is asked for.

    The story before is put away in a file beside the database, from which `storydesk restore`
    brings it back: its facts, what readers asked, and who subscribed. The desk stays.
    """
    from bot import founding

    asked = {"title": title, "about": about, "place": place, "language": language}
    wished = founding.complete(asked, typer.prompt if sys.stdin.isatty() else None)
    done = asyncio.run(founding.exchange(settings.load(database=database).database, wished))
    typer.echo(founding.begun(done))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that storydesk new or /story wrote.")],
    database: Database = None,
) -> None:
    """Bring back a story that was put away; the present one is put away in turn."""
    from bot import founding

    address = settings.load(database=database).database
    done = asyncio.run(founding.exchange(address, founding.story_in(file)))
    typer.echo(founding.restored(done))
