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


def test_a_dry_run_makes_no_database_and_says_how_the_file_was_read(tmp_path: Path) -> None:
    (tmp_path / "desk.csv").write_bytes("Question;Answer\r\nWho pays?;Café R.\r\n".encode("cp1252"))
    done = storydesk(tmp_path, "import", "desk.csv", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Would import desk.csv: 1 new, 0 changed, 0 unchanged.",
        "  Its letters were read as Windows-1252, for example “Café”: drop the file if that looks "
        "wrong.",
        "  Its columns were divided at semicolons.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["desk.csv"]


def test_dates_that_can_mean_two_days_are_settled_by_an_option(tmp_path: Path) -> None:
    (tmp_path / "desk.csv").write_text("answer,date\nIt rained.,5/6/2025\n")
    done = storydesk(tmp_path, "import", "desk.csv", "--dry-run")
    assert (done.returncode, done.stdout) == (1, "")
    assert "can be 5 June or May 6: add --dates day-first or --dates month-first." in done.stderr
    done = storydesk(tmp_path, "import", "desk.csv", "--dates", "month-first")
    assert "Dates were read month first: 5/6/2025 as 6 May 2025." in done.stdout
    done = storydesk(tmp_path, "export", "desk.xlsx")
    assert done.returncode == 1
    assert "an export ends in .toml, .json, .jsonl, .csv" in done.stderr
