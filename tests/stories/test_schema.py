"""The fields of a fact are stated once: what holds them elsewhere agrees."""

from dataclasses import fields

from bot.services.facts.values import Trouble, read
from bot.stories.schema import FIELD, FIELDS, LABELS
from bot.views.facts import additions
from db.facts.facts import DESK_FIELDS
from db.records import FactDraft
from tests.samples import AT


def test_a_draft_has_just_these_fields() -> None:
    assert {each.name for each in FIELDS} == {each.name for each in fields(FactDraft)}


def test_what_is_told_makes_a_version_and_the_rest_does_not() -> None:
    told = {each.name for each in FIELDS if each.is_told}
    assert set(FIELD) - told == {*DESK_FIELDS, "key", "phrasings"}


def test_every_field_with_a_label_can_be_read_and_asked_for() -> None:
    for name in set(LABELS.values()):
        try:
            given = read(name, "19 May 2025", AT)
        except Trouble as trouble:
            given = {name: str(trouble)}
        assert name in given
        assert additions.ASKS[name].endswith((".", "?"))


def test_no_label_and_no_heading_means_two_fields() -> None:
    labels = [label for each in FIELDS for label in each.labels]
    assert len(labels) == len(set(labels)) == len(LABELS)
    assert len({each.heading for each in FIELDS}) == len(FIELDS)
