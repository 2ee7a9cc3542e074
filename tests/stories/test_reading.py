"""Files of facts: what is read, and what is said about every fault."""

from datetime import UTC, date, datetime, time

import pytest

from bot import stories
from bot.errors import StoryFileError
from bot.stories import reading
from bot.stories.storyfile import Format, StoryFile
from db.records import FactDraft, Moment, Name, NameKind, Status, Weight


def read(text: str, kind: Format = Format.TOML) -> StoryFile:
    return reading.read(text.encode(), kind, name=f"story.{kind}")


def drafts(text: str, kind: Format = Format.TOML) -> list[FactDraft]:
    return [entry.draft() for entry in read(text, kind).entries]


def faults(text: str | bytes, kind: Format) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(StoryFileError) as caught:
        reading.read(data, kind, name="story")
    head, *lines = str(caught.value).split("\n")
    assert head.startswith("Nothing was imported from story")
    alone = head.removeprefix("Nothing was imported from story").lstrip(".: ").removesuffix(".")
    return [line.strip() for line in lines] or [alone]


TOML = """
[story]
title = "The call"
about = "the call"
time_zone = "Europe/Kyiv"
language = "en"

[[facts]]
key = "call-length"
question = "How long did the call last?"
text = "About two and a half hours."
source = "TASS"
source_url = "https://example.org/1"
as_of = 2025-05-19
happened = "2025-05-19 14:20"
status = "unknown"
weight = "big"
topics = ["call"]
next_word = "18:00"
check_by = 2025-05-20 18:00:00
phrasings = ["how long", "how long", "duration"]

[[names]]
name = "Vladimir Putin"
kind = "person"
also = ["Putin"]

[[synonyms]]
words = ["truce", "ceasefire"]
"""


def test_every_field_is_read() -> None:
    file = read(TOML)
    assert file.story == {
        "title": "The call",
        "about": "the call",
        "time_zone": "Europe/Kyiv",
        "language": "en",
    }
    assert [entry.draft() for entry in file.entries] == [
        FactDraft(
            key="call-length",
            question="How long did the call last?",
            text="About two and a half hours.",
            source="TASS",
            source_url="https://example.org/1",
            as_of=Moment(date(2025, 5, 19)),
            happened=Moment(date(2025, 5, 19), time(14, 20)),
            status=Status.UNKNOWN,
            weight=Weight.BIG,
            topics=("call",),
            next_word="18:00",
            check_by=datetime(2025, 5, 20, 15, tzinfo=UTC),  # 18:00 in Kyiv
            phrasings=("how long", "duration"),
        )
    ]
    assert file.names == (Name(name="Vladimir Putin", kind=NameKind.PERSON, also=("Putin",)),)
    assert file.synonyms == (("truce", "ceasefire"),)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[[facts]]\ntext = "It rained."', Format.TOML),
        ('{"facts": [{"text": "It rained.", "source": null}]}', Format.JSON),
        ('\n{"text": "It rained."}\n\n', Format.JSONL),
        ("text\nIt rained.\n", Format.CSV),
        ("\ufeffTEXT;key\r\nIt rained.;\r\n;\r\n", Format.CSV),
    ],
)
def test_only_text_is_required(text: str, kind: Format) -> None:
    assert drafts(text, kind) == [FactDraft(key="it-rained", text="It rained.")]


def test_what_a_file_does_not_name_is_none_of_its_business() -> None:
    file = read('[[facts]]\ntext = "It rained."')
    assert (file.story, file.names, file.synonyms) == ({}, None, None)
    assert set(file.entries[0].given) == {"key", "text"}


def test_lists_stand_one_item_a_line_in_a_cell() -> None:
    (draft,) = drafts(
        'text,topics,phrasings\nA.,"call\nistanbul"," one, two \r\n\r\nthree"\n', Format.CSV
    )
    assert draft.topics == ("call", "istanbul")
    assert draft.phrasings == ("one, two", "three")


def test_missing_keys_are_made_of_the_question_and_differ() -> None:
    made = drafts(
        '{"text": "A.", "question": "Où est-il, l\'été?"}\n'
        '{"text": "B.", "question": "Où est-il, l\'été?"}\n'
        '{"text": "Что было?"}\n{"text": "…"}\n{"key": "fact-2", "text": "C."}\n{"text": "!"}',
        Format.JSONL,
    )
    assert [draft.key for draft in made] == [
        "ou-est-il-lete",
        "ou-est-il-lete-2",
        "что-было",
        "fact",
        "fact-2",
        "fact-3",
    ]
    assert len(reading.made_key("word " * 100)) <= reading.MADE_KEY_LIMIT
    assert len(reading.made_key("w" * 100)) == reading.MADE_KEY_LIMIT


def test_every_fault_is_listed_with_its_line() -> None:
    csv = (
        "key,text,status,source_url,as_of,check_by\n"  # 1
        'a,"two\nlines",confirmed,,,\n'  # 2
        "b,,sure,,,\n"  # 4
        "a,x,,ftp://x,19 May,soon\n"  # 5
        "c d,x\n"  # 6
    )
    assert faults(csv, Format.CSV) == [
        "line 4: text is missing",
        "line 4: status is 'sure'; "
        "one of confirmed, reported, disputed, unknown, not covered, withdrawn",
        "line 5: source_url 'ftp://x' does not begin with http:// or https://",
        "line 5: as_of is '19 May'; a day such as 2025-05-19, or 2025-05-19 14:20 in the story's"
        " time zone",
        "line 5: check_by is 'soon'; a time such as 2025-05-20 18:00",
        "line 5: the key 'a' stands already at line 2",
        "line 6: key 'c d' may hold letters, digits, '-', '_' and '.' only",
    ]


def test_toml_faults_name_the_line_of_the_field() -> None:
    text = TOML + '\n[[facts]]\ntext = ""\nsauce = "TASS"\nas_of = 19\n[[facts]]\nkey = "x"\n'
    start = TOML.count("\n") + 1
    assert faults(text, Format.TOML) == [
        f"line {start + 2}: text is missing",
        f"line {start + 3}: 'sauce' is not a field; did you mean 'source'?",
        f"line {start + 4}: as_of is '19'; a day such as 2025-05-19, or 2025-05-19 14:20 in the"
        " story's time zone",
        f"line {start + 5} (fact 3): text is missing",
    ]


def test_line_that_cannot_be_known_is_not_made_up() -> None:
    text = '[[facts]]\ntext = """\n[[facts]]\n"""\nstatus = "x"\n[[facts]]\nstatus = "y"\n'
    assert [fault.partition(":")[0] for fault in faults(text, Format.TOML)] == [
        "fact 1",
        "fact 2",
        "fact 2",
    ]
    inline = 'facts = [{text = "a", status = "x"}]'
    assert faults(inline, Format.TOML)[0].startswith("fact 1: status is 'x'")


def test_json_faults_name_the_line_of_the_record() -> None:
    text = (
        '{"story": {"language": "English"},\n "names": [{"name": "A", "kind": "cat"}],\n'
        ' "facts": [\n  {"text": "a"},\n  {"text": 5,\n   "status": "x"}\n ]}'
    )
    assert faults(text, Format.JSON) == [
        "line 1: language 'English' is not two small letters such as en",
        "line 2 (name 1): kind is 'cat'; one of person, place, body, event, thing",
        "line 5 (fact 2): text must be text, not '5'",
        "line 5 (fact 2): status is 'x'; "
        "one of confirmed, reported, disputed, unknown, not covered, withdrawn",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("[story\n", Format.TOML, "line 1: here stands '[story'; the closing bracket ] is missing"),
        ("a = 1\na = 2\n", Format.TOML, "line 2: "),
        ('{"facts": [}', Format.JSON, "line 1: here stands '{\"facts\": [}'; a comma, a quot"),
        ("[]", Format.JSON, "no list of questions with answers is in it"),
        ('{"facts": {}}', Format.JSON, "facts must be a list of tables, not a table"),
        ('{"facts": [1]}', Format.JSON, "line 1 (fact 1): must be a table of fields, not '1'"),
        ('{"story": []}', Format.JSON, "story must be a table of fields, not a list"),
        ('{"fakts": []}', Format.JSON, "'fakts' is not a section"),
        ('{"facts": [{"text": "a", "text": "b"}]}', Format.JSON, "the field 'text' st"),
        ('{"text": "a"}\n{"text"', Format.JSONL, "line 2: "),
        ("\n5", Format.JSONL, "line 2: must be a fact with its fields, not '5'"),
        ("[" * 100_000, Format.JSONL, "line 1: "),
        ("[" * 100_000, Format.JSON, "it is nested too deeply"),
        ("a = " + "[" * 100_000, Format.TOML, "it is nested too deeply"),
        ('{"text": ' + "9" * 5000 + "}", Format.JSONL, "line 1: "),
        ("", Format.CSV, "line 1: the first row must name the fields"),
        (
            "text,text\na,b",
            Format.CSV,
            "line 1: two columns of the first row mean the field 'text'",
        ),
        ('text\na\n"b', Format.CSV, "line 3: "),
        ("text,qestoin\na,b\nc,d", Format.CSV, "line 1: 'qestoin' is not a field; did you mean"),
        (
            "a,b\nc,d",
            Format.CSV,
            "line 1: no column holds the answers; the first row names 'a', 'b'",
        ),
        (b"text\ncaf\xc3\xa9\n\xff", Format.CSV, "line 3: a letter is damaged here; save the file"),
        (b"text\na\n\xff\x01", Format.CSV, "this is no text and no spreadsheet"),
        ('{"text": "a\\u0000b"}', Format.JSONL, "line 1: text holds a control character (U+0000)"),
        ("text\na\0b", Format.CSV, "line 2: text holds a control character (U+0000)"),
        ('{"text": "\\ud800"}', Format.JSONL, "line 1: text holds half a surrogate pair (U+D800)"),
        ('{"text": "a", "source": "b\\nc"}', Format.JSONL, "line 1: source holds a line break"),
        (
            '{"text": "' + "a" * 1001 + '"}',
            Format.JSONL,
            "line 1: text has 1,001 characters; at mo",
        ),
        (
            '{"text": "a", "question": "' + "a" * 301 + '"}',
            Format.JSONL,
            "line 1: question has 301",
        ),
        (
            '{"text": "a", "phrasings": ["' + "a" * 301 + '"]}',
            Format.JSONL,
            "line 1: phrasings has",
        ),
        ('{"text": "a", "phrasings": "b"}', Format.JSONL, "line 1: phrasings must be a list of te"),
        ('{"text": "a", "topics": [" "]}', Format.JSONL, "line 1: topics must hold texts, not ' '"),
        ('{"text": "a", "happened": "20250519"}', Format.JSONL, "line 1: happened is '20250519'"),
        ('{"text": "a", "happened": "2025-02-30"}', Format.JSONL, "line 1: happened is"),
        ('{"text": "a", "check_by": "0001-01-01T00:00+10:00"}', Format.JSONL, "line 1: check_by"),
        ('[story]\ntime_zone = "Mars/Base"', Format.TOML, "line 2: time_zone 'Mars/Base' is not a"),
        ('[story]\ntime_zone = "../x"', Format.TOML, "line 2: time_zone '../x' is not a time zone"),
        ('[[synonyms]]\nwords = ["one"]', Format.TOML, "line 2: words needs two or more words"),
    ],
)
def test_fault_is_one_plain_line(text: str | bytes, kind: Format, fault: str) -> None:
    found = faults(text, kind)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_list_of_faults_is_bounded() -> None:
    found = faults("text\n" + "x" * 1001 + "\n" + "\n".join(["y" * 1001] * 500), Format.CSV)
    assert len(found) == 101
    assert found[-1] == "and 401 more"


def test_too_long_a_file_and_too_many_facts_are_refused() -> None:
    with pytest.raises(StoryFileError, match=r"it has 20\.0 MB, and at most 20 MB .* split it\."):
        reading.read(b" " * 20_000_001, Format.CSV, name="story.csv")
    rows = "text\n" + "a\n" * 200_001
    with pytest.raises(StoryFileError, match=r"it has 200,001 facts, and at most 200,000"):
        read(rows, Format.CSV)


@pytest.mark.parametrize("name", ["story.yaml", "story", "toml"])
def test_format_that_is_not_known_is_one_sentence(name: str) -> None:
    with pytest.raises(StoryFileError, match=r"ends in \.toml, .*, \.html\.$"):
        Format.of(name)


def test_bundled_story_is_without_fault() -> None:
    file = reading.read(stories.bundled(), Format.TOML, name="the bundled story")
    assert len(file.entries) >= 8
    assert file.story["title"]
    assert file.names
    assert file.synonyms
