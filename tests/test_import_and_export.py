"""`storydesk import` and `storydesk export`, as an operator runs them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def storydesk(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_facts_go_in_and_come_out(tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text("key,text\nrain,It rained.\n")
    done = storydesk(tmp_path, "import", "story.csv", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Would import story.csv: 1 new, 0 changed, 0 unchanged.\n"
    done = storydesk(tmp_path, "import", "story.csv", "--database", "sqlite:///storydesk.sqlite3")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Imported story.csv: 1 new, 0 changed, 0 unchanged.\n"
    done = storydesk(tmp_path, "export", "-", "--format", "jsonl")
    assert done.stdout == (
        '{"key": "rain", "text": "It rained.", "status": "confirmed", "weight": "ordinary"}\n'
    )
    done = storydesk(tmp_path, "export", "out.toml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert 'text = "It rained."' in (tmp_path / "out.toml").read_text()


def test_faults_are_listed_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "story.csv").write_text("key,text\na,\nb,\n")
    done = storydesk(tmp_path, "import", "story.csv")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Nothing was imported from story.csv: 2 faults.\n"
        "  line 2: text is missing\n"
        "  line 3: text is missing\n"
    )


def test_database_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    done = storydesk(tmp_path, "export", "-", "--database", "notes.txt")
    assert done.returncode == 1
    assert done.stderr == (
        f"The file {tmp_path}/notes.txt is not an SQLite database: name another file, or move "
        "this one away.\n"
    )
