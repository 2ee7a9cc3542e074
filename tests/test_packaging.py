"""The container image and the CI script, read rather than run."""

import json
import os
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from tests.test_docs import commands

ROOT: Final = Path(__file__).parents[1]
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def steps() -> list[tuple[str, str]]:
    """Return the Dockerfile as (instruction, arguments), its continued lines joined."""
    lines = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    found = [line.split(maxsplit=1) for line in lines.splitlines() if line.strip()]
    return [(step, " ".join(rest.split())) for step, rest in found]


def final() -> dict[str, str]:
    """Return the last stage, with the last of each instruction."""
    last = max(n for n, (step, _) in enumerate(steps()) if step == "FROM")
    return dict(steps()[last:])


def test_the_image_has_a_builder_and_a_final_stage() -> None:
    stages = [rest for step, rest in steps() if step == "FROM"]
    assert stages == ["python:3.12-slim AS builder", "python:3.12-slim"]
    assert final()["COPY"].startswith("--from=builder ")


def test_the_image_copies_what_exists_and_all_that_the_wheel_is_made_of() -> None:
    copied = [
        source
        for step, rest in steps()
        if step == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.search(r"^packages = (\[.*\])$", project, re.MULTILINE)
    assert packages is not None
    assert {*json.loads(packages[1]), "pyproject.toml", "constraints.txt", "LICENSE"} <= set(copied)
    let_in = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    assert sorted(let_in) == sorted(copied)


def test_the_wheel_carries_the_licence_and_the_notice_of_all_data() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    data = ROOT / "bot" / "search" / "data"
    carried = {"LICENSE", *(f"{each.relative_to(ROOT)}" for each in data.glob("LICENSE-*"))}
    assert {*carried, "bot/search/data/NOTICE.md"} == set(project["license-files"])
    notice = (data / "NOTICE.md").read_text(encoding="utf-8")
    assert [each.name for each in data.glob("*.npz") if each.name not in notice] == []
    assert [each.name for each in data.glob("LICENSE-*") if each.name not in notice] == []


def test_the_builder_keeps_secrets_and_data_out() -> None:
    shut_out = [
        line.removeprefix("**/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("**/")
    ]
    for name in (".env", "storydesk.sqlite3", "storydesk.sqlite3-wal", "x.pyc"):
        assert any(fnmatch(name, pattern) for pattern in shut_out), name


def test_the_image_runs_as_nobody_special_on_a_volume() -> None:
    last = final()
    user, _, group = last["USER"].partition(":")
    assert min(int(user), int(group)) > 0
    assert f"--uid {user}" in last["RUN"]
    assert f"--gid {group}" in last["RUN"]
    assert last["VOLUME"] == last["WORKDIR"] == "/data"
    assert "STORYDESK_DATABASE=/data/" in last["ENV"]


def test_the_commands_of_the_image_exist() -> None:
    last = final()
    assert json.loads(last["ENTRYPOINT"]) == ["storydesk"]
    (command,) = json.loads(last["CMD"])
    health = json.loads(last["HEALTHCHECK"].partition("CMD ")[2])
    assert health[0] == "storydesk"
    assert {command, health[1]} <= set(commands())


def test_the_ci_script_is_bash_that_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)  # noqa: S603, S607 - our own script
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    for needed in (" check ", " run ", "Dockerfile", "storydesk"):
        assert needed in text


def test_the_unit_runs_the_bot_as_nobody_special() -> None:
    unit = (ROOT / "docs" / "storydesk.service").read_text(encoding="utf-8")
    lines = [line for line in unit.splitlines() if line and not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines if "=" in line)
    assert given["ExecStart"].endswith("/storydesk run")
    assert given["ExecStart"].split()[1] in commands()
    assert given["WorkingDirectory"] == f"/var/lib/{given['StateDirectory']}"
    assert "Environment=STORYDESK_DATABASE=/var/lib/storydesk/storydesk.sqlite3" in lines
    kept_out = ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome")
    assert {given[name] for name in kept_out} == {"yes"}
    assert (given["ProtectSystem"], given["CapabilityBoundingSet"]) == ("strict", "")
