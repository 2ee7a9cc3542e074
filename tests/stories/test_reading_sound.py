"""What is sound in a file is read, and what is not is named and left out."""

import pytest

from bot.errors import StoryFileError
from bot.stories import reading
from bot.stories.reading import Sound
from bot.stories.storyfile import Format


def sound(text: str, kind: Format = Format.JSONL, most: int = 100) -> Sound:
    return reading.read_sound(text.encode(), kind, name="story", most=most)


def test_sound_entries_stay_and_the_others_are_named() -> None:
    read = sound(
        '{"key": "a", "text": "A."}\n'
        '{"key": "b", "text": "", "source": "x", "status": "sure"}\n'
        "not json\n"
        '{"key": "a", "text": "Again."}\n'
        '{"text": "No key."}\n'
    )
    assert [entry.key for entry in read.file.entries] == ["a", "no-key"]
    assert (read.refused, read.fault_count) == (3, 4)
    assert [fault.partition(":")[0] for fault in read.faults] == [
        "line 2",
        "line 2",
        "line 3",
        "line 4",
    ]


def test_a_row_that_is_too_long_is_left_out_and_a_short_one_is_filled() -> None:
    read = sound("key,text,source\na,A.\nb,B.,x,y\nc,C.,,,\n", Format.CSV)
    assert [entry.key for entry in read.file.entries] == ["a", "c"]
    assert read.refused == 1
    assert read.faults[0].startswith("line 3: it has 4 cells, and the first row names 3 columns")


def test_a_section_with_a_fault_is_left_out_whole() -> None:
    read = sound(
        '[story]\ntitle = "T"\nlanguage = "english"\n[[facts]]\ntext = "A."\n'
        '[[names]]\nname = "X"\nkind = "sort"\n[[names]]\nname = "Y"\nkind = "place"\n'
        '[[synonyms]]\nwords = ["one"]\n',
        Format.TOML,
    )
    assert (read.file.story, read.file.names, read.file.synonyms) == ({}, None, None)
    assert (len(read.file.entries), read.refused, read.fault_count) == (1, 0, 3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[[facts", Format.TOML),
        ('{"facts": 3}', Format.JSON),
        ("[]", Format.JSON),
        ('key,text\na,"A', Format.CSV),
        ("text,text\na,b", Format.CSV),
        ("", Format.CSV),
        ('{"facts": [' + '{"text": "A."},' * 101 + "{}]}", Format.JSON),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(text: str, kind: Format) -> None:
    with pytest.raises(StoryFileError, match="Nothing was imported from story"):
        sound(text, kind)


def test_whoever_listens_hears_how_far_the_reading_is() -> None:
    heard: list[tuple[int, int]] = []
    reading.read_sound(
        b'{"text": "A."}\n' * 1200,
        Format.JSONL,
        name="story",
        told=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(0, 1200), (500, 1200), (1000, 1200)]
