"""`storydesk db`: backups, restoring one, and looking the database over."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import clock, settings, storage
from bot.errors import StoreError
from bot.story_files import Database

app = typer.Typer(
    name="db", help="Back up the database, restore a backup, look one over.", no_args_is_help=True
)


@app.command()
def backup(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="The file to write, or a folder; by default a file named by the moment in "
            "STORYDESK_BACKUP_DIR, or beside the database.",
            show_default=False,
        ),
    ] = None,
    database: Database = None,
) -> None:
    """Copy the database as it is now into one file, also while the bot runs."""
    from bot.services.files import backups
    from db.address import file_of

    chosen = settings.load(database=database)
    folder = Path(chosen.backup_dir).expanduser() if chosen.backup_dir else None
    with storage.in_our_words():
        if folder is not None and path is None and not folder.is_dir():
            raise StoreError(f"The folder {folder} does not exist: make it, or name a file.")
        made = backups.make(file_of(chosen.database), path, at=clock.now(), folder=folder)
    typer.echo(f"Backed up to {made} ({made.stat().st_size / 1e6:.1f} MB).")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A file that storydesk db backup wrote.")],
    database: Database = None,
) -> None:
    """Put a backup in the place of the database, which is kept beside it under another name.

    No bot may run on it. What the backup was about to send is sent only if the desk says so.
    """
    from bot.services.files import restoration
    from db import lock
    from db.address import file_of

    with storage.in_our_words():
        target = file_of(settings.load(database=database).database)
        with lock.hold(target):
            done = asyncio.run(restoration.restore(path, target, at=clock.now()))
    typer.echo(f"{target} is what {path.name} holds.")
    if done.replaced is not None:
        typer.echo(f"The database before is kept as {done.replaced}.")
    pending = done.pending
    if pending.any:
        typer.echo(
            f"Held back until the desk decides: {_count(pending.alerts, 'alert')} to "
            f"{_count(pending.chats, 'chat')}, and news for "
            f"{_count(pending.readers, 'waiting reader')}. The bot asks the desk when it is "
            "started."
        )
    if pending.updates:
        typer.echo(f"Set aside: {_count(pending.updates, 'update')} from Telegram under way then.")


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="A backup to look over instead of the database.", show_default=False),
    ] = None,
    database: Database = None,
) -> None:
    """Look a database over: is it whole, is it of this version, and what is in it.

    Ends with 1 where it is damaged. Nothing is written.
    """
    from db.address import file_of
    from db.files import inspection

    with storage.in_our_words():
        target = path or file_of(settings.load(database=database).database)
        found = inspection.inspect(target.resolve())
    typer.echo(f"{target}")
    typer.echo(f"  integrity: {'ok' if not found.damage else 'DAMAGED'}")
    for line in found.damage:
        typer.echo(f"    {line}")
    typer.echo(
        f"  foreign keys: {'ok' if not found.loose_rows else f'{found.loose_rows:,} rows broken'}"
    )
    pending = "" if found.is_current else f", the newest is {found.newest_schema}"
    typer.echo(f"  schema: {found.schema}{pending}")
    for name, count in found.counts.items():
        typer.echo(f"  {name}: {count:,}")
    if not found.is_sound:
        raise StoreError(f"{target} is damaged: stop the bot and restore the newest backup.")
    if found.schema < found.newest_schema:
        typer.echo("  storydesk run upgrades it when it is started, and makes a backup before.")


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
