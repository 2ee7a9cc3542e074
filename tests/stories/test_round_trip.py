"""What is written is read again as it was, whatever people have typed."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoryFileError
from bot.stories import reading, writing
from bot.stories.storyfile import WRITTEN, Format, StoryFile
from db.records import FactDraft, Lexicon, Moment, Name, NameKind, Status, Story, Weight

ODD = "\"'`,;:\t\\/[]{}=#%&<>|-_ \u2028\u2029\u0301\u200d🕊️é\ufeffЖ中=+@"
LINE = (
    st.text(
        st.one_of(st.sampled_from(ODD), st.characters(blacklist_categories=("Cc", "Cs"))),
        min_size=1,
        max_size=40,
    )
    .map(str.strip)
    .filter(bool)
)
LINES = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
LIST = st.lists(LINE, max_size=4, unique=True).map(tuple)
MOMENT = st.builds(
    Moment,
    st.dates(),
    st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
DRAFT = st.builds(
    FactDraft,
    key=st.from_regex(r"[A-Za-z0-9_ж][\w.-]{0,30}", fullmatch=True),
    text=LINES,
    question=st.none() | LINE,
    phrasings=LIST,
    source=st.none() | LINE,
    source_url=st.none() | st.just("https://example.org/?a=1,2&b=\"'"),
    as_of=st.none() | MOMENT,
    happened=st.none() | MOMENT,
    status=st.sampled_from(Status),
    weight=st.sampled_from(Weight),
    topics=LIST,
    next_word=st.none() | LINE,
    check_by=st.none()
    | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
        lambda time: time.replace(tzinfo=UTC)
    ),
)
DRAFTS = st.lists(DRAFT, max_size=4, unique_by=lambda draft: draft.key)
STORY = st.builds(
    Story,
    title=LINE,
    about=LINE,
    time_zone=st.sampled_from(["UTC", "Europe/Kyiv"]),
    language=st.just("en"),
    revision=st.just(0),
    lexicon=st.builds(
        Lexicon,
        names=st.lists(
            st.builds(Name, name=LINE, kind=st.sampled_from(NameKind), also=LIST), max_size=3
        ).map(tuple),
        synonyms=st.lists(
            st.lists(LINE, min_size=2, max_size=3, unique=True).map(tuple), max_size=3
        ).map(tuple),
    ),
)


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=60, deadline=None)
@given(drafts=DRAFTS, story=STORY)
def test_file_is_read_as_it_was_written(
    kind: Format, drafts: list[FactDraft], story: Story
) -> None:
    written = writing.write(StoryFile.of(story, drafts), kind)
    file = reading.read(written.encode(), kind, name="round trip")
    assert [entry.draft() for entry in file.entries] == drafts
    if kind in (Format.TOML, Format.JSON):
        assert file.story["title"] == story.title
        assert file.names == story.lexicon.names
        assert file.synonyms == story.lexicon.synonyms


ANY = st.binary(max_size=200) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "replace")
)


@pytest.mark.parametrize("kind", Format)
@settings(max_examples=150, deadline=None)
@given(data=ANY)
def test_any_bytes_are_read_or_refused_in_words(kind: Format, data: bytes) -> None:
    with contextlib.suppress(StoryFileError):
        reading.read(data, kind, name="anything")
