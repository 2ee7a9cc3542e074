"""The documents say what the program does: commands, settings, examples, words."""

import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeGuard

import pytest
import typer.core
import typer.main

from bot.__main__ import app
from bot.services.facts import parsing
from bot.settings import PREFIX, Settings
from bot.stories.schema import LABELS
from bot.stories.storyfile import FACT_FIELDS, SECTIONS
from db.records import Outcome, Status

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
DOCS: Final = "\n".join(PAGES.values())
EXAMPLE: Final = (ROOT / ".env.example").read_text(encoding="utf-8")
GLOSSARY: Final = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
DOCKER: Final = {"--detach", "--name", "--env-file", "--volume", "--tag", "--read-only", "--tmpfs"}


def commands() -> dict[str, typer.core.TyperCommand]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    found: dict[str, typer.core.TyperCommand] = {}
    for name, each in group.commands.items():
        if isinstance(each, typer.core.TyperGroup):
            within = each.commands.items()
            found |= {f"{name} {own}": one for own, one in within if _is_command(one)}
        elif _is_command(each):
            found[name] = each
    return found


def _is_command(each: object) -> TypeGuard[typer.core.TyperCommand]:
    return isinstance(each, typer.core.TyperCommand)


def options() -> set[str]:
    return {
        option
        for command in commands().values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }


def section(title: str) -> str:
    """Return what stands under a heading of a page, up to the next of its level or above."""
    heading = re.compile(rf"^(#+) {re.escape(title)}$", re.MULTILINE)
    ((page, found),) = (
        (page, found) for page in PAGES.values() if (found := heading.search(page)) is not None
    )
    rest = page[found.end() :]
    following = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def block(title: str, language: str, number: int = 0) -> str:
    """Return a block of code under a heading."""
    blocks = rf"^```{language}\n(.*?)^```$"
    found: list[str] = re.findall(blocks, section(title), re.MULTILINE | re.DOTALL)
    return found[number]


def storydesk(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def same(text: str) -> str:
    """Return `text` with its lines joined, for comparing what is broken elsewhere."""
    return " ".join(text.split())


def test_every_command_is_in_the_documents_and_every_one_named_exists() -> None:
    groups = "|".join({f"{name.split()[0]} " for name in commands() if " " in name})
    name = rf"storydesk ((?:{groups})?[a-z]+)"
    listed = set(re.findall(rf"^\| `{name}", section("Commands"), re.MULTILINE))
    assert listed == set(commands())
    named = set(re.findall(rf"(?:`|\$ ){name}", DOCS))
    assert named <= set(commands())


def test_every_option_is_in_the_documents_and_every_one_named_exists() -> None:
    named = set(re.findall(r"--[a-z][a-z-]*", DOCS))
    assert named - DOCKER == options() | {"--help"}


def test_every_command_on_a_story_takes_a_database() -> None:
    without = {
        name
        for name, command in commands().items()
        if not any("--database" in parameter.opts for parameter in command.params)
    }
    assert without == {"init", "prepare", "version"}


def written(default: object) -> str:
    """Return a setting's default as an operator writes it."""
    return (
        ""
        if default in (None, ())
        else str(default).lower()
        if isinstance(default, bool)
        else str(default)
    )


def test_every_setting_is_in_the_documents_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(STORYDESK_\w+)` \| (.*?) \| (.*?) \|$", DOCS, re.MULTILINE)
    assert {
        (name, default.strip("`"), meaning.replace("`", "")) for name, default, meaning in rows
    } == {
        (f"{PREFIX}{name.upper()}", written(field.default) or "none", field.description)
        for name, field in Settings.model_fields.items()
    }
    named = set(re.findall(r"STORYDESK_\w+", DOCS))
    assert named == {name for name, _, _ in rows}


def test_the_example_of_settings_lists_each_with_its_default() -> None:
    listed = re.findall(r"^(?:# )?(STORYDESK_\w+)=(.*)$", EXAMPLE, re.MULTILINE)
    assert dict(listed) == {
        f"{PREFIX}{name.upper()}": written(field.default)
        for name, field in Settings.model_fields.items()
    }


def test_the_example_of_settings_changes_nothing(tmp_path: Path) -> None:
    before = storydesk(tmp_path, "settings").stdout
    (tmp_path / ".env").write_text(EXAMPLE, encoding="utf-8")
    assert storydesk(tmp_path, "settings").stdout == before


def test_every_field_outcome_and_status_is_in_the_documents() -> None:
    listed = re.findall(r"^\| `(\w+)`", section("A fact"), re.MULTILINE)
    assert sorted(listed) == sorted(FACT_FIELDS)
    assert set(re.findall(r"^\| `(\w+)`", section("For readers"), re.MULTILINE)) == set(Outcome)
    for status in Status:
        assert f"`{status}`" in section("A fact")
    for name in SECTIONS:
        assert f"`{name}`" in section("A file of facts")


def test_the_example_file_is_imported_as_the_documents_say(tmp_path: Path) -> None:
    (tmp_path / "bridge.toml").write_text(block("A file of facts", "toml"), encoding="utf-8")
    shown = block("Import and export", "console").splitlines()
    asked = [line.removeprefix("$ storydesk ") for line in shown if line.startswith("$ ")]
    for line, said in zip(asked, shown[1::2], strict=True):
        done = storydesk(tmp_path, *line.split())
        assert (done.stdout, done.stderr) == (f"{said}\n", "")


NEWCOMER: Final = {
    "bridge.toml": [
        "How wide is the bridge?",
        "How old is the bridge?",
        "How long is the tunnel?",
        "did putin call trump",
        "what do you know",
        "who built the bridge",
    ],
    "ferry.csv": [
        "Is the ferry closed?",
        "help",
        "tell me everything",
        "did putin call?",
        "who owns the ferry",
        "how much is a ticket",
    ],
}
"""Questions to a story of two facts and of one that none of their facts answers."""


def test_a_newcomers_first_story_does_not_lie(tmp_path: Path) -> None:
    """What is told stands below the question that it answers: no text stands for another's."""
    (tmp_path / "bridge.toml").write_text(block("A file of facts", "toml"), encoding="utf-8")
    ferry = "question,text,source\nIs the ferry running?,Yes.,Port\n"
    (tmp_path / "ferry.csv").write_text(ferry, encoding="utf-8")
    for name, questions in NEWCOMER.items():
        own = ("--database", f"{name}.sqlite3")
        assert storydesk(tmp_path, "import", name, *own).returncode == 0
        text = "\n".join(json.dumps({"id": str(n), "question": q}) for n, q in enumerate(questions))
        (tmp_path / "asked.jsonl").write_text(text, encoding="utf-8")
        done = storydesk(tmp_path, "ask", "--json", "--file", "asked.jsonl", *own)
        for line in map(json.loads, done.stdout.splitlines()):
            if line["outcome"] not in ("answer", "unknown"):
                assert line["facts"] == [], line
                continue
            told = ("How long is the bridge?\n", "When will the bridge", "Is the ferry running?\n")
            assert line["text"].startswith(told), line


def test_the_same_facts_stand_in_every_format(tmp_path: Path) -> None:
    for name, language in (("a.toml", "toml"), ("b.jsonl", "json"), ("c.csv", "csv")):
        (tmp_path / name).write_text(block("A file of facts", language), encoding="utf-8")
    assert storydesk(tmp_path, "import", "a.toml").stderr == ""
    for name, unchanged in (("b.jsonl", 2), ("c.csv", 1)):
        done = storydesk(tmp_path, "import", name)
        assert done.stdout == f"Imported {name}: 0 new, 0 changed, {unchanged} unchanged.\n"


def test_the_refusal_is_what_the_documents_show(tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text(block("Import and export", "csv"), encoding="utf-8")
    done = storydesk(tmp_path, "import", "wrong.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == block("Import and export", "text")


def test_the_line_of_json_has_the_fields_of_the_documents(tmp_path: Path) -> None:
    title = "`storydesk ask --json`"
    shown = json.loads(block(title, "json").replace("\n", " "))
    (tmp_path / "bridge.toml").write_text(block("A file of facts", "toml"), encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(block(title, "json", 1), encoding="utf-8")
    storydesk(tmp_path, "import", "bridge.toml")
    done = storydesk(tmp_path, "ask", "--json", "--file", "questions.jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["turn"]) for line in lines] == [("1", 1), ("2", 1), ("2", 2)]
    assert list(lines[0]) == list(shown)
    for name in ("id", "turn", "question", "outcome", "text"):
        assert lines[0][name] == shown[name]
    for name in ("facts", "candidates"):
        assert {**lines[0][name][0], "confidence": 1.0} == shown[name][0]
    known_unknown = json.loads(
        storydesk(tmp_path, "ask", "--json", "When will the bridge reopen?").stdout
    )
    assert (known_unknown["outcome"], known_unknown["facts"]) == ("unknown", [])
    assert known_unknown["known_unknown"]["key"] == "reopening"


def test_the_addition_of_the_documents_is_understood() -> None:
    title = "Adding facts from the chat"
    now = datetime(2025, 5, 20, 12, 0, tzinfo=UTC)
    wished = parsing.addition(block(title, "text").removeprefix("/add "), now)
    assert wished.troubles == {}
    assert set(wished.given) == set(FACT_FIELDS) - {"key", "next_word", "phrasings"}
    labels = re.findall(r"`([A-Z]\w+):`", section(title))
    assert {LABELS[label.lower()] for label in labels} | {"weight"} == set(LABELS.values())


def test_the_picture_is_what_the_rehearsal_prints(tmp_path: Path) -> None:
    shown = block("A look", "text")
    questions = re.findall(r"^reader › (.*)$", shown, re.MULTILINE)
    done = storydesk(tmp_path, "rehearse", typed="".join(f"{line}\n" for line in questions))
    assert (done.returncode, done.stderr) == (0, "")
    _, _, printed = done.stdout.partition("\n\n")  # after the greeting
    assert same(re.sub(r"<https://[^>]*>", "<…>", printed)) == same(shown)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[~<>=]", each)[0] for each in project["dependencies"]}
    rows = re.findall(r"^\| ([\w\[\]-]+) \| \S", section("What it is built on"), re.MULTILINE)
    assert set(rows) - {"package", "---"} == needed


def test_every_word_of_the_glossary_is_used() -> None:
    words = re.findall(r"^\| ([a-z ]+) \| ", GLOSSARY, re.MULTILINE)
    sources = "\n".join(
        path.read_text(encoding="utf-8").lower()
        for package in ("bot", "db", "handlers")
        for path in (ROOT / package).rglob("*.py")
    )
    unused = [
        word
        for word in words
        if word != "word" and not re.search(rf"\b{word}s?\b", sources.replace("_", " "))
    ]
    assert unused == []


def anchors(path: Path) -> set[str]:
    """Return what a link may name behind # in a page, as GitHub makes it of its headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_a_newcomer_reads_one_page() -> None:
    assert len(PAGES["README.md"].splitlines()) <= 150
    assert set(re.findall(r"\]\((docs/\w[\w-]*\.md)", PAGES["README.md"])) == set(PAGES) - {
        "README.md"
    }


@pytest.mark.parametrize(
    "name", [*PAGES, "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "SECURITY.md"]
)
def test_every_link_to_a_file_and_every_target_exists(name: str) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
        page = path.parent / target if target else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), f"{target}#{anchor}"
    for folder in re.findall(r"^\| `([\w/]+/)` \|", text, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`make (?:[A-Z]+=\S+ )?([a-z]+)`", text)) <= targets
