"""`python -m tests.benchmarks [FILE…]`: accuracy, how a story warms, scale, imports, speed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import StorydeskError
from tests.benchmarks import (
    accuracy,
    cold,
    importing,
    questions,
    scale,
    sending,
    sets,
    unlearned,
    warming,
)


def main(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Public sets; without any, the bundled story's own questions."),
    ] = None,
    only: Annotated[
        str,
        typer.Option(
            help="accuracy, cold, unlearned, warming, scale, importing, questions or sending; "
            "without it all but unlearned, which takes ten minutes."
        ),
    ] = "",
    sizes: Annotated[str, typer.Option(help="Numbers of facts to scale to.")] = ",".join(
        map(str, scale.SIZES)
    ),
    long: Annotated[  # noqa: FBT002 - typer reads options from defaults
        bool, typer.Option("--long", help="Send to 100,000, and fan out to 1,000,000: minutes.")
    ] = False,
) -> None:
    """Measure every engine on the same questions, then an index of many facts."""
    if only in ("", "accuracy"):
        _accuracy(files or [])
    if only in ("", "cold"):
        typer.echo("Stories that the weights were not learned from:")
        typer.echo(cold.table(list(cold.rows(cold.folders(learned=False)))) + "\n")
    if only == "unlearned":
        typer.echo("Stories that nothing was learned from, asked in other ways and beside:")
        typer.echo(unlearned.table(unlearned.run(unlearned.every())) + "\n")
    if only in ("", "warming"):
        stories = warming.every()
        typer.echo(warming.table(stories, warming.run(stories)) + "\n")
    if only in ("", "scale"):
        found = scale.run([int(size) for size in sizes.split(",")])
        typer.echo(scale.table(found) + "\n")
        command = scale.start_up_s("-m", "bot", "version")
        whole = scale.start_up_s("-c", "import bot.app")
        typer.echo(f"start-up of `storydesk version`: {command:.2f} s")
        typer.echo(f"start-up with everything that the bot needs: {whole:.2f} s\n")
    if only in ("", "importing"):
        typer.echo(importing.table(importing.run()))
    if only in ("", "questions"):
        typer.echo(questions.table(questions.run()) + "\n")
    if only in ("", "sending"):
        typer.echo(sending.table(sending.run(sending.LONG if long else sending.Sizes())))


def _accuracy(files: list[Path]) -> None:
    try:
        benches = [sets.public(path) for path in files] if files else [sets.bundled()]
    except StorydeskError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    for bench in benches:
        typer.echo(accuracy.table(bench, accuracy.rows(bench)) + "\n")


if __name__ == "__main__":
    typer.run(main)
