"""What the project is built on, and what must stand in no file: looked at without the network."""

import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

TOOLS: Final = frozenset(("pip", "setuptools", "wheel", "storydesk"))
"""What an environment holds besides, and the project itself."""

HEAVY: Final = "learn"
"""The extra that only those install who make the learned numbers again; its pins are its own."""

SECRETS: Final = re.compile(
    rb"(?<![\d:])\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"  # a token of Telegram
    rb"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
    rb"|\b(?:ghp|gho|ghs|github_pat)_[A-Za-z0-9_]{30,}"
    rb"|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bxox[abp]-[0-9A-Za-z-]{20,}"
)


def pins() -> dict[NormalizedName, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    return {
        canonicalize_name(name): version
        for name, _, version in (each.partition("==") for each in lines)
    }


def wanted() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]
    every = [
        *PROJECT["dependencies"],
        *(r for name in extras if name != HEAVY for r in extras[name]),
    ]
    return [Requirement(each) for each in every]


def test_every_requirement_is_pinned_to_a_version_that_it_allows() -> None:
    pinned = pins()
    wrong = [
        f"{each}: {pinned.get(canonicalize_name(each.name))}"
        for each in wanted()
        if (version := pinned.get(canonicalize_name(each.name))) is None
        or version not in each.specifier
    ]
    assert wrong == []


def test_nothing_that_is_needed_is_installed_without_its_pin() -> None:
    pinned = pins()
    installed = {canonicalize_name(each.name): each for each in distributions()}
    left, seen = wanted(), set[str]()
    needed: set[NormalizedName] = set()
    while left:
        wish = left.pop()
        name = canonicalize_name(wish.name)
        if str(wish) in seen or name not in installed:
            continue
        seen.add(str(wish))
        needed.add(name)
        for each in map(Requirement, installed[name].requires or ()):
            extras = ("", *wish.extras)
            if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in extras):
                left.append(each)
    assert len(needed) > 20
    wrong = {
        name: installed[name].version
        for name in needed - set(map(canonicalize_name, TOOLS))
        if pinned.get(name) != installed[name].version
    }
    assert wrong == {}


def tracked() -> list[Path]:
    """Return the files of the project, as git knows them; else all but what tools leave behind."""
    git = shutil.which("git")
    if git is not None and (ROOT / ".git").exists():
        listed = subprocess.run(  # noqa: S603 - git's own list of files
            [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        names = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    else:
        names = [each for each in ROOT.rglob("*") if not any(p.startswith(".") for p in each.parts)]
    return [each for each in names if each.is_file() and not each.is_symlink()]


def test_no_file_holds_a_secret() -> None:
    files = tracked()
    assert len(files) > 100
    found = [
        f"{file.relative_to(ROOT)}: {match.group()[:12]!r}…"
        for file in files
        if file.suffix not in (".npz", ".png")
        for match in SECRETS.finditer(file.read_bytes())
    ]
    assert found == []


@pytest.mark.parametrize(
    "secret",
    [
        b"STORYDESK_TOKEN=123456789:AA" + b"h" * 33,
        b"-----BEGIN " + b"RSA PRIVATE KEY-----",
        b"-----BEGIN " + b"PRIVATE KEY-----",
        b"ghp_" + b"a1" * 18,
    ],
)
def test_a_secret_would_be_found(secret: bytes) -> None:
    assert SECRETS.search(b"before " + secret + b"\nafter") is not None
    assert SECRETS.search(b"12:30, 123456:ABC-DEF, 123456789:AAshort") is None
