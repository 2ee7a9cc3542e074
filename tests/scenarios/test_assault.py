"""The bot under attack: what was tried against it once, by name, and what tests it since."""

import ast
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[1]

TRIED: Final = {
    "many chats flood, and the server refuses them": (
        "telegram/test_gate.py::test_however_many_chats_flood_nobody_else_waits",
        "telegram/test_gate.py::test_chats_that_flood_keep_nobody_else_waiting",
        "telegram/test_gate.py::test_refusals_of_long_ago_are_no_sign",
        "telegram/test_gate.py::test_answers_to_one_chat_are_even_after_a_burst",
    ),
    "questions and kills": (
        "scenarios/test_questions_killed.py::test_kills_lose_no_question",
        "handlers/test_running.py::test_updates_are_asked_for_once_questions_can_be_answered",
    ),
    "edits and taps and kills, and one message as two updates": (
        "services/test_updates.py::test_what_a_member_of_the_desk_did_is_not_done_again",
        "services/test_updates.py::test_an_action_that_failed_may_be_done_again",
        "services/test_updates.py::test_what_comes_again_is_taken_in_once",
    ),
    "a stop in a broadcast, at the start, during an outage": (
        "services/alerts/test_deliveries.py::test_a_stop_waits_for_what_is_in_flight_alone",
        "telegram/test_update_order.py::test_a_stop_leaves_what_waits_and_lets_what_has_begun_end",
        "telegram/test_messenger.py::test_a_stop_leaves_what_waits_for_the_end_of_an_outage",
        "handlers/test_running.py::test_a_stop_during_the_start_waits_for_nothing",
        "test_cli.py::test_a_stop_before_anything_has_begun_is_no_failure",
    ),
    "files that explode in memory": (
        "stories/test_hostile_files.py::"
        "test_a_name_of_many_parts_is_refused_before_it_takes_gigabytes",
        "stories/test_hostile_files.py::test_deep_nesting_is_one_fault",
        "stories/test_hostile_files.py::test_what_is_many_times_larger_in_memory_is_refused_unread",
        "stories/formats/test_tables.py::"
        "test_a_small_file_that_unpacks_to_a_huge_one_is_not_opened",
    ),
    "answers while the server fails": (
        "telegram/test_messenger.py::test_an_answer_outlasts_an_outage_and_arrives_once",
        "telegram/test_messenger.py::test_an_answer_whose_fate_is_unknown_is_sent_twice_at_most",
        "telegram/test_messenger.py::test_patience_has_an_end_and_alerts_have_none",
        "telegram/test_messenger.py::test_what_is_too_large_is_not_tried_again",
    ),
    "two hundred messages of one chat, one member of a group, one person with seventy groups": (
        "handlers/test_entrance.py::"
        "test_one_who_sends_two_hundred_is_answered_and_told_once_while_others_are_served",
        "handlers/test_entrance.py::test_a_member_who_floods_a_group_leaves_room_for_the_others",
        "handlers/test_entrance.py::test_the_desk_has_no_limit_and_keeps_its_order",
        "services/test_rate_limits.py::test_one_person_with_many_groups_has_one_limit",
        "services/test_rate_limits.py::test_many_persons_do_not_stay_in_memory",
    ),
    "an update that the library cannot read": (
        "test_log.py::test_an_update_that_cannot_be_read_is_not_quoted",
        "handlers/test_running.py::test_one_unreadable_update_does_not_hold_up_the_others",
    ),
    "a clock that is set back": (
        "services/alerts/test_deliveries.py::test_a_clock_that_is_set_back_keeps_no_alert_waiting",
        "db/test_store_faults.py::test_it_is_noticed_that_a_clock_was_set",
        "handlers/test_jobs.py::test_jobs_do_not_wait_for_the_time_that_was_set_back",
    ),
    "a database that is deleted": (
        "db/test_store_faults.py::test_a_file_that_vanishes_is_noticed_at_the_next_write",
        "handlers/test_running.py::test_a_database_that_is_deleted_ends_it_with_one_sentence",
    ),
    "a full disk": (
        "db/test_store_faults.py::test_on_a_full_disk_readers_are_answered_once_without_a_record",
    ),
    "cells that a spreadsheet computes": (
        "stories/test_hostile_files.py::test_no_cell_of_an_export_is_a_formula_and_all_come_back",
    ),
    "two pollers, links that deceive, secrets in addresses and settings": (
        "handlers/test_running.py::test_another_poller_is_named_in_the_log",
        "stories/test_hostile_files.py::test_a_link_that_deceives_is_refused",
        "stories/test_hostile_files.py::test_a_name_that_shows_another_host_is_found",
        "stories/test_hostile_files.py::test_a_secret_in_a_link_is_warned_of",
        "test_log.py::test_secrets_in_addresses_are_not_logged",
        "test_settings.py::test_what_may_be_a_secret_is_not_shown",
    ),
    "proxies": (
        "telegram/test_proxies.py::test_requests_and_polls_go_through_a_socks_proxy",
        "telegram/test_proxies.py::"
        "test_why_a_socks_proxy_is_of_no_use_is_said_without_its_password",
    ),
    "menus that a flood wait kept back": (
        "handlers/test_running.py::"
        "test_menus_that_a_flood_wait_kept_back_are_registered_when_it_is_over",
    ),
}


@pytest.mark.parametrize("what", TRIED)
def test_what_was_tried_is_tried_since(what: str) -> None:
    missing = []
    for named in TRIED[what]:
        file, _, name = named.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        tests = {
            each.name
            for each in ast.walk(tree)
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        if name not in tests:
            missing.append(named)
    assert missing == []
