"""Health and metrics of the whole bot, and what operators hear of incidents."""

import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import BadRequest

from bot import app, log, storage
from bot.operations.metrics import MeasuredRequest, Metrics
from bot.rehearsal.api import faults
from bot.rehearsal.api.server import TOKEN, RehearsalServer
from bot.services.files import backups
from bot.services.incidents import Incident, Incidents, Report
from bot.services.vitals import VitalSigns
from bot.settings import Settings
from bot.telegram.http import ServerFailed
from bot.telegram.proxies import request_through
from bot.views import incidents as views
from db import updates
from db.engine import Database
from db.records import Outcome
from db.records.vitals import Vitals
from handlers import jobs
from tests import bridge
from tests.clocks import HANG_SECONDS, Clock, until
from tests.newsroom import Newsroom
from tests.samples import AT
from tests.telegram.test_http import free_port

DOCS: Final = Path(__file__).parents[2] / "docs"

NO_WORK: Final = Vitals(
    at=AT,
    revision=0,
    last_exchange=0,
    asked={Outcome.ANSWER: 1},
    outbox=0,
    outbox_since=None,
    under_review=0,
    inbox=0,
    inbox_since=None,
    set_aside=0,
    subscribers=0,
    waiting_readers=0,
)


async def fetched(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def samples(port: int) -> dict[str, float]:
    status, text = await fetched(port, "/metrics")
    assert status == 200
    return {
        " ".join([each.name, *each.labels.values()]): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


async def test_a_running_bot_tells_its_health_and_what_it_did(
    api: RehearsalServer, story_file: Path, clock: Clock
) -> None:
    port = free_port()
    settings = Settings(database=str(story_file), monitor_port=port, meaning=False)
    settings = settings.against(api.url, TOKEN)
    async with app.running(settings, ask=bridge.spelled_out, clock=clock) as bot:
        assert (await fetched(port, "/live"))[0] == 200
        assert await fetched(port, "/ready") == (200, "ready\n")
        before = await samples(port)
        person = api.world.person("Reader")
        api.faults.add(faults.flood(1), method="sendMessage")
        await api.say(person, api.world.private(person), "answer 1")
        await api.until(lambda: len(api.calls("sendMessage")) > 1)
        await bot.rested()
        after = await samples(port)
    assert after["storydesk_questions_total answer"] == 1
    assert after["storydesk_sends_total flood"] == 1
    assert after["storydesk_sends_total sent"] == 1
    assert after["storydesk_flood_wait_seconds_total"] == 1
    for stage in ("wait", "handle", "search"):
        assert after[f"storydesk_stage_seconds_count {stage}"] == 1
    assert after["storydesk_index_revision"] == after["storydesk_story_revision"] > 0
    assert "storydesk_questions_total answer" not in before


def has_sent(api: RehearsalServer, count: int) -> Callable[[], bool]:
    return lambda: len(api.calls("sendMessage")) == count


async def test_a_question_asked_before_is_counted_and_searched_for_once(
    api: RehearsalServer, story_file: Path, clock: Clock
) -> None:
    port = free_port()
    settings = Settings(database=str(story_file), monitor_port=port, meaning=False)
    settings = settings.against(api.url, TOKEN)
    async with app.running(settings, ask=bridge.spelled_out, clock=clock) as bot:
        for number in (1, 2):
            person = api.world.person("Reader")
            await api.say(person, api.world.private(person), "answer 1")
            await api.until(has_sent(api, number))
            await bot.rested()
        after = await samples(port)
    assert after["storydesk_questions_total answer"] == 2
    assert after["storydesk_stage_seconds_count search"] == 1
    for stage in ("wait", "handle", "send"):
        assert after[f"storydesk_stage_seconds_count {stage}"] == 2


@pytest.mark.parametrize(
    ("status", "outcome"), [(502, "failed"), (413, "refused"), (400, "refused"), (403, "gone")]
)
async def test_what_the_server_says_of_a_message_is_counted(
    api: RehearsalServer, status: int, outcome: str
) -> None:
    metrics = Metrics()
    request = MeasuredRequest(
        request_through(None, connections=1, read_timeout_s=HANG_SECONDS), metrics
    )
    api.faults.add(faults.refusal(status, "No."), method="sendMessage")
    async with request:
        with suppress(ServerFailed, BadRequest):  # others are the library's to raise
            await request.do_request(f"{api.url}/bot{TOKEN}/sendMessage", "POST")
    text = metrics.text(NO_WORK, index_revision=0).decode()
    assert f'storydesk_sends_total{{outcome="{outcome}"}} 1.0' in text
    assert text.count("storydesk_sends_total{") == 1


async def test_the_running_bot_tells_its_operators_and_makes_its_backups(
    api: RehearsalServer,
    story_file: Path,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "INCIDENTS_EVERY", timedelta(seconds=0.05))
    operator = api.world.person("Operator")
    operator.has_started = True
    chat = api.world.private(operator)
    settings = Settings(
        database=str(story_file),
        operators_chat=chat.id,
        backup_dir=str(tmp_path / "kept"),
        meaning=False,
    ).against(api.url, TOKEN)
    async with (
        app.running(settings, ask=bridge.spelled_out, clock=clock),
        storage.opened(str(story_file)) as store,
    ):
        async with store.writing() as session:
            await updates.store(session, {7: "{}"}, clock.at)
        clock.pass_(300)
        begun = await api.next_message(chat)
        assert begun.text.startswith("Incident. Updates wait: 1 of them")
        async with store.writing() as session:
            await updates.finish(session, [7])
        over = await api.next_message(chat)
        assert over.text.startswith("Over. No update waits for long any more.")

        async def is_made() -> bool:
            return len(backups.files_of(story_file, tmp_path / "kept")) == 1

        await until(is_made, "the scheduled backup")


class Operators:
    """The operators' chat."""

    def __init__(self) -> None:
        self.heard: list[Report] = []
        self.can_be_reached = True

    async def tell(self, report: Report) -> bool:
        if self.can_be_reached:
            self.heard.append(report)
        return self.can_be_reached

    @property
    def said(self) -> list[tuple[Incident, bool]]:
        return [(each.incident, each.is_over) for each in self.heard]


async def test_an_incident_is_told_once_and_once_when_it_is_over(
    database: Database, clock: Clock
) -> None:
    incidents, chat = Incidents(VitalSigns(database, clock=clock), clock=clock), Operators()
    async with database.writing() as session:
        await updates.store(session, {7: "{}"}, clock.at)
    await incidents.tick(chat.tell)
    assert chat.said == []
    clock.pass_(300)
    chat.can_be_reached = False
    await incidents.tick(chat.tell)
    chat.can_be_reached = True
    for _ in range(3):
        await incidents.tick(chat.tell)
    assert chat.said == [(Incident.INBOX, False)]
    async with database.writing() as session:
        await updates.set_aside(session, [7])
    for _ in range(4):
        await incidents.tick(chat.tell)
    assert chat.said[1:] == [
        (Incident.SET_ASIDE, False),
        (Incident.INBOX, True),
        (Incident.SET_ASIDE, True),
    ]
    shown = [views.report(each).text_html for each in chat.heard]
    assert "Updates wait: 1 of them" in shown[0]


async def test_alerts_that_do_not_go_out_are_an_incident(database: Database) -> None:
    await bridge.fill(database)
    room = Newsroom(database)
    await room.subscribe(500, 501)
    await room.added("The mayor resigned.", key="mayor")
    room.post.closed = True  # everybody was told to wait
    await room.pass_time()
    clock = Clock(room.at + timedelta(minutes=6))
    vitals, chat = VitalSigns(database, clock=clock), Operators()
    incidents = Incidents(vitals, clock=clock)
    await incidents.tick(chat.tell)
    assert [(each.incident, each.amount) for each in chat.heard] == [(Incident.OUTBOX, 2)]
    assert (await vitals.read()).outbox == 2


def test_a_line_of_json_has_the_update_and_no_secret() -> None:
    log.hide("42:SECRET")
    record = logging.LogRecord("bot.x", logging.WARNING, "", 0, "no %s", ("42:SECRET",), None)
    token = log.update_id.set(1039)
    try:
        line = json.loads(log.JsonFormatter().format(record))
    finally:
        log.update_id.reset(token)
    assert (line["update"], line["level"], line["logger"]) == (1039, "warning", "bot.x")
    assert line["message"] == "no <token>"
    foreign = logging.LogRecord("telegram.x", logging.ERROR, "", 0, "got %r", ("words",), None)
    assert json.loads(log.JsonFormatter().format(foreign))["message"] == "got …"


def test_the_dashboard_and_the_documents_know_every_metric_and_no_other() -> None:
    text = Metrics().text(NO_WORK, index_revision=0).decode()
    kinds = {each.name: each.type for each in text_string_to_metric_families(text)}
    names = {f"{name}_total" if kind == "counter" else name for name, kind in kinds.items()}
    board = (DOCS / "grafana.json").read_text(encoding="utf-8")
    drawn = {name.removesuffix("_bucket") for name in re.findall(r"storydesk_\w+", board)}
    assert drawn == names
    listed = re.findall(r"`(storydesk_\w+)`", (DOCS / "operators.md").read_text(encoding="utf-8"))
    assert set(listed) == names
