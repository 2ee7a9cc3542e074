"""Files as desks have them come in with their facts; damaged, each is refused in one sentence."""

import re

import pytest

from bot.errors import StoryFileError
from bot.stories import reading
from tests.stories.formats.builders import Sample, fields_of
from tests.stories.formats.samples import SAMPLES

COMPUTER_WORDS = re.compile(
    r"delimiter|codec|token|pars(?:e|ing)|JSON|exception|decod|byte|schema|null|unicode|syntax|"
    r"traceback|index|invalid|expect",
    re.IGNORECASE,
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_a_file_of_a_desk_comes_in(sample: Sample) -> None:
    file = reading.read(sample.data, sample.format, name=sample.name)
    drafts = [entry.draft() for entry in file.entries]
    assert len(drafts) == len(sample.facts)
    for draft, expected in zip(drafts, sample.facts, strict=True):
        assert fields_of(draft, expected) == expected
    assert sample.notes <= {type(note).__name__ for note in file.notes}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: each.name)
def test_a_damaged_file_is_refused_in_one_sentence_that_says_what_to_do(sample: Sample) -> None:
    with pytest.raises(StoryFileError) as refused:
        reading.read(sample.damaged, sample.format, name=sample.name)
    head = f"Nothing was imported from {sample.name}"
    assert str(refused.value).startswith(head)
    sentence = str(refused.value).removeprefix(head)
    assert "\n" not in sentence
    assert sample.refusal in sentence
    assert COMPUTER_WORDS.search(sentence) is None, sentence


def test_there_are_forty_of_them() -> None:
    assert len({sample.name for sample in SAMPLES}) >= 40
