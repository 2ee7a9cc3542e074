"""The command line, as a process of its own."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import end_at_sigterm
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from db import lock
from db.answers import exchanges
from db.engine import Database
from db.questions import saved
from tests.clocks import HANG_SECONDS


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str


def environment(**variables: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STORYDESK_")}
    return clean | variables


async def begin(folder: Path, *arguments: str, **variables: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=environment(PYTHONPATH=str(Path(__file__).parents[1]), **variables),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def end(process: asyncio.subprocess.Process) -> Ended:
    out, err = await asyncio.wait_for(process.communicate(), HANG_SECONDS)
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


async def storydesk(folder: Path, *arguments: str, **variables: str) -> Ended:
    return await end(await begin(folder, *arguments, **variables))


def contents(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def one_sentence(ended: Ended) -> str:
    """Return the one line that a person reads after an error."""
    lines = ended.err.strip().splitlines()
    assert len(lines) == 1, ended.err
    assert ended.out == ""
    assert ended.code != 0
    return lines[0]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = [
        '{"id": "a", "q": "How long is the bridge?", "must": []}',
        "",
        '{"id": 7, "turns": [{"q": "When was the bridge opened?"}, {"q": "👍"}]}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def test_help_lists_the_commands(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "--help")
    assert ended.code == 0
    commands = "run start rehearse ask evaluate import export settings health"
    for command in commands.split():
        assert f" {command} " in ended.out
    assert contents(tmp_path) == []


async def test_ask_in_a_fresh_folder_answers_from_the_bundled_story(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "ask", "How long did the call last?")
    assert ended.code == 0
    assert "two and a half hours" in ended.out
    assert ended.err == ""
    assert (tmp_path / "storydesk.sqlite3").exists()


async def test_ask_answers_a_file_as_json_lines_without_a_trace(
    tmp_path: Path, story_file: Path, questions: Path
) -> None:
    with lock.hold(story_file):  # a bot is running on it
        ended = await storydesk(
            tmp_path, "ask", "--json", "--file", str(questions), "--database", str(story_file)
        )
    assert ended.err == ""
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert [(line["id"], line["turn"]) for line in lines] == [("a", 1), (7, 1), (7, 2)]
    first = lines[0]
    assert first["outcome"] == "answer"
    assert first["text"] == (
        "How long is the bridge?\nIt is 412 metres long.\nThe desk, checked 20 May 2025"
    )
    assert [fact["key"] for fact in first["facts"]] == ["length"]
    assert set(first["facts"][0]) == {"id", "key", "text", "source", "confidence"}
    assert 1 <= len(first["candidates"]) <= 5
    assert first["candidates"][0]["question"] == "How long is the bridge?"
    assert first["ms"] > 0
    assert (lines[2]["outcome"], lines[2]["facts"]) == ("smalltalk", [])
    database = await Database.open(story_file)
    async with database.reading() as session:
        assert await exchanges.count(session) == 0
    await database.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "1", "q": "x"}\n{"q": 5}', "Line 2 of"),
        ('{"id": "1", "q": "x"}\nnonsense', "Line 2 of"),
        ('{"id": "1", "turns": []}', "Line 1 of"),
        ("[]", "Line 1 of"),
        (None, "cannot be read: No such file"),
    ],
)
async def test_a_bad_question_file_is_one_sentence(
    tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_text(content)
    ended = await storydesk(tmp_path, "ask", "--file", str(path))
    assert said in one_sentence(ended)
    assert not (tmp_path / "storydesk.sqlite3").exists()


async def test_ask_explains_how_an_answer_was_found(
    tmp_path: Path, story_file: Path, questions: Path
) -> None:
    ended = await storydesk(
        tmp_path, "ask", "--explain", "--file", str(questions), "--database", str(story_file)
    )
    assert ended.err == ""
    assert ended.out.startswith("Question   How long is the bridge?\n")
    assert ended.out.count("\nVerdict: ") == 3
    assert "\n\nHow long is the bridge?\nIt is 412 metres long.\n" in ended.out


async def test_settings_take_a_list_of_owners(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "settings", STORYDESK_OWNERS=" 12, 7,12 ")
    assert "STORYDESK_OWNERS = 12, 7, from the environment\n" in ended.out
    assert "STORYDESK_OWNERS = (not set)\n" in (await storydesk(tmp_path, "settings")).out


async def test_the_rehearsal_sends_files(tmp_path: Path, story_file: Path) -> None:
    (tmp_path / "tolls.csv").write_text("key,text\ntolls,Tolls stay.\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "rehearse",
        "--database",
        str(story_file),
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(Path(__file__).parents[1]), STORYDESK_OWNERS="5000000001"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    shown, _ = await asyncio.wait_for(process.communicate(b"/file tolls.csv\n3\n"), HANG_SECONDS)
    assert "tolls.csv would add 1 fact and change 0." in shown.decode()
    assert "tolls.csv is dropped. Nothing was imported." in shown.decode()


async def test_evaluate_prints_a_line_of_figures_for_each_file(
    tmp_path: Path, story_file: Path
) -> None:
    public, own = tmp_path / "public.jsonl", tmp_path / "own.jsonl"
    facts = [{"id": "a", "text": "It rains."}, {"id": "b", "text": "The mill burned down."}]
    asked = [{"text": "what happened to the mill?", "gold": ["b"]}]
    public.write_text(json.dumps({"id": "s", "facts": facts, "questions": asked}))
    own.write_text('{"id": "1", "q": "How long is the bridge?", "must": [["412"]]}')
    arguments = ["evaluate", str(public), str(own), "--database", str(story_file)]
    ended = await storydesk(tmp_path, *arguments, "--json")
    assert ended.err == ""
    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert (first["file"], first["top1"], first["questions"]) == (str(public), 1.0, 1)
    keys = "top1 top3 mrr10 auroc_off right_at_1 right_at_5 cpu_ms_median cpu_ms_p99 questions"
    assert set(keys.split()) < set(first)
    assert (first["auroc_off"], first["right_at_5"]) == (None, None)
    assert (second["file"], second["right"], second["questions"]) == (str(own), 1.0, 1)
    table = await storydesk(tmp_path, *arguments)
    assert "right at once (top-1)" in table.out
    assert "100.0 %" in table.out
    assert all(len(line) <= 80 for line in table.out.splitlines() if str(tmp_path) not in line)


async def test_setting_up_needs_no_settings_that_are_right(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "prepare", STORYDESK_TOKEN="nonsense", STORYDESK_TOKN="1")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


async def test_evaluate_without_files_asks_the_story_its_own_phrasings(tmp_path: Path) -> None:
    path = str(tmp_path / "mill.sqlite3")
    facts = [
        {"text": "It burned down in May.", "phrasings": ["what befell the mill", "mill fire"]},
        {"text": "The ferry goes hourly.", "phrasings": ["ferry times", "when is the next ferry"]},
    ]
    (tmp_path / "facts.json").write_text(json.dumps({"facts": facts}))
    await storydesk(tmp_path, "import", str(tmp_path / "facts.json"), "--database", path)
    ended = await storydesk(tmp_path, "evaluate", "--json", "--database", path)
    assert ended.err == "Asking the story its own ways of asking; this takes minutes.\n"
    figures = json.loads(ended.out)
    assert (figures["file"], figures["questions"], figures["facts"]) == ("phrasings", 4, 2)
    assert figures["top1"] == 1.0


async def test_evaluate_without_files_runs_the_saved_questions(
    tmp_path: Path, story_file: Path
) -> None:
    database = await Database.open(story_file)
    async with database.writing() as session:
        at = datetime(2025, 5, 20, tzinfo=UTC)
        await saved.save(session, "How long is the bridge?", 3, editor=7, at=at)
        await saved.save(session, "What will the repair cost?", 1, editor=7, at=at)
        await saved.save(session, "recipe for pancakes", None, editor=7, at=at)
    await database.close()
    arguments = ["evaluate", "--database", str(story_file)]
    ended = await storydesk(tmp_path, *arguments, "--json")
    assert "takes minutes" in ended.err
    figures, _ = (json.loads(line) for line in ended.out.splitlines())
    assert (figures["file"], figures["questions"]) == ("saved questions", 3)
    assert [figures[each] for each in ("right", "offered", "wrong", "declined", "differs")] == [
        2,
        0,
        1,
        0,
        0,
    ]
    (wrong,) = figures["shown"]
    assert (wrong["question"], wrong["expected"], wrong["facts"]) == (
        "What will the repair cost?",
        1,
        [4],
    )
    table = await storydesk(tmp_path, *arguments)
    assert "otherwise than when last run" in table.out
    assert "2. What will the repair cost?: should be #1, is answer #4" in table.out


async def test_evaluate_tells_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"q": "x", "must": []}\n{"q": "y"}')
    sentence = one_sentence(await storydesk(tmp_path, "evaluate", str(path)))
    assert f"Line 2 of {path} is not understood" in sentence


@pytest.mark.parametrize(
    ("arguments", "variables", "said"),
    [
        (["ask"], {}, "storydesk ask"),
        (["run"], {}, "STORYDESK_TOKEN"),
        (["run"], {"STORYDESK_TOKEN": "nonsense"}, "STORYDESK_TOKEN has the value (hidden)"),
        (["settings"], {"STORYDESK_API_URL": "ftp://x"}, "STORYDESK_API_URL"),
        (["settings"], {"STORYDESK_OWNERS": "@anna"}, "user ids are numbers"),
        (["ask", "x", "--json", "--explain"], {}, "leave out --json or --explain"),
        (["ask", "x", "--database", "/nowhere/at/all.sqlite3"], {}, "does not exist"),
        (["ask", "x", "--database", "postgresql://u:secret@h/d"], {}, "postgresql"),
    ],
)
async def test_a_mistake_is_one_sentence(
    tmp_path: Path, arguments: list[str], variables: dict[str, str], said: str
) -> None:
    sentence = one_sentence(await storydesk(tmp_path, *arguments, **variables))
    assert said in sentence
    assert "secret" not in sentence


async def test_the_token_is_never_shown(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "settings", STORYDESK_TOKEN="1:topsecret")
    assert ended.code == 0
    assert "topsecret" not in ended.out + ended.err


async def test_an_unknown_token_ends_run_with_one_sentence(
    tmp_path: Path, story_file: Path
) -> None:
    server = await RehearsalServer.start()
    try:
        ended = await storydesk(
            tmp_path,
            "run",
            STORYDESK_TOKEN="42:short",
            STORYDESK_API_URL=server.url,
            STORYDESK_DATABASE=str(story_file),
        )
    finally:
        await server.stop()
    assert "does not accept the token" in one_sentence(ended)
    assert "short" not in ended.err


async def test_start_with_a_token_answers_until_it_is_asked_to_stop(
    tmp_path: Path, story_file: Path
) -> None:
    server = await RehearsalServer.start()
    variables = {
        "STORYDESK_TOKEN": TOKEN,
        "STORYDESK_API_URL": server.url,
        "STORYDESK_DATABASE": str(story_file),
    }
    try:
        process = await begin(tmp_path, "start", **variables)
        person = server.world.person("Reader")
        chat = server.world.private(person)
        await server.say(person, chat, "How long is the bridge?")
        answer = await server.next_message(chat, timeout_s=HANG_SECONDS)
        assert answer.text.startswith("How long is the bridge?\nIt is 412 metres long.")
        second = await storydesk(tmp_path, "run", **variables)
        assert "another running bot" in one_sentence(second)
        health = await storydesk(tmp_path, "health", **variables)
        assert (health.code, health.err) == (0, "")
        process.send_signal(signal.SIGTERM)
        ended = await end(process)
    finally:
        await server.stop()
    assert ended.code == 0
    assert "Traceback" not in ended.err
    assert TOKEN not in ended.err
    assert "412 metres" not in ended.err
    (line,) = ended.out.splitlines()  # how to become the first owner: on the terminal alone
    assert line.startswith("Nobody runs the desk yet.")
    assert "?start=join_" in line
    assert "join_" not in ended.err


async def test_health_without_a_running_bot_is_one_sentence(
    tmp_path: Path, story_file: Path
) -> None:
    ended = await storydesk(tmp_path, "health", "--database", str(story_file))
    assert "No bot is running" in one_sentence(ended)
    assert ended.code == 1


async def test_start_without_a_token_rehearses(tmp_path: Path) -> None:
    ended = await storydesk(tmp_path, "start")
    assert ended.code == 0
    notice = ended.out.splitlines()[3]
    assert notice.startswith("Nobody runs the desk yet. Whoever writes this first")
    assert ": /start join_" in notice
    assert "I answer questions about the phone call" in ended.out
    assert "two and a half hours" in ended.out
    assert ended.err == ""
    assert contents(tmp_path) == []


async def test_a_database_is_backed_up_beside_a_running_bot_and_restored_without_one(
    tmp_path: Path, story_file: Path
) -> None:
    of_it = ("--database", str(story_file))
    with lock.hold(story_file):  # a bot is running on it
        made = await storydesk(tmp_path, "db", "backup", "copy.sqlite3", *of_it)
        assert (made.code, made.err) == (0, "")
        again = await storydesk(tmp_path, "db", "backup", "copy.sqlite3", *of_it)
        assert "exists already" in one_sentence(again)
        refused = await storydesk(tmp_path, "db", "restore", "copy.sqlite3", *of_it)
        assert "in use by another running bot" in one_sentence(refused)
    done = await storydesk(tmp_path, "db", "restore", "copy.sqlite3", *of_it)
    assert (done.code, done.err) == (0, "")
    assert "is what copy.sqlite3 holds" in done.out
    assert "The database before is kept as" in done.out
    checked = await storydesk(tmp_path, "db", "check", *of_it)
    assert (checked.code, checked.err) == (0, "")
    assert "integrity: ok" in checked.out
    assert "facts: 5" in checked.out


def test_a_stop_before_anything_has_begun_is_no_failure() -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        end_at_sigterm()
        with pytest.raises(SystemExit) as ended:
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 0
