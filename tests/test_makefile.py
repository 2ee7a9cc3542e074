"""The Makefile, on the environment that runs the tests: nothing is installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.clocks import HANG_SECONDS

ROOT: Final = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the Makefile, and an environment that it takes for its own, set up."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    environment = tmp_path / ".venv"
    environment.mkdir()
    (environment / "bin").symlink_to(Path(sys.executable).parent)
    for name in ("dev.stamp", "run.stamp"):
        (environment / name).touch()
    return tmp_path


def make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STORYDESK_", "MAKE", "MFLAGS"))
    }
    return subprocess.run(  # noqa: S603 - our own Makefile
        ["make", target],  # noqa: S607 - wherever make is
        cwd=folder,
        env=clean,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )


def test_make_run_without_a_terminal_answers_and_ends(folder: Path) -> None:
    done = make(folder, "run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "How long did the call last?" in done.stdout
    assert "two and a half hours" in done.stdout


def test_make_help_lists_every_target(folder: Path) -> None:
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    done = make(folder, "help")
    listed = re.findall(r"^make ([a-z]+) +\S", done.stdout, re.MULTILINE)
    assert set(listed) == set(phony[1].split())
    assert done.returncode == 0
