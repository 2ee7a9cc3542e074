"""Files that are meant to do harm: bounded before they are read, and harmless as they leave."""

import csv
import io

import pytest

from bot.errors import StoryFileError
from bot.services.files.cautions import SecretShown, cautions
from bot.stories import addresses, decoding, reading, writing
from bot.stories.formats import documents, syntax
from bot.stories.storyfile import Entry, Format, StoryFile


def refusal(data: bytes, kind: Format) -> str:
    with pytest.raises(StoryFileError) as refused:
        reading.read(data, kind, name="desk")
    return str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"[[facts]]\n" + b"a." * 40_000 + b"a = 1\n",
        b"[[facts]]\n" + b'"a" . ' * 40_000 + b"a = 1\n",
        b"[[facts]]\n" + b"[" + b"'a'." * 40_000 + b"a]\n",
    ],
)
def test_a_name_of_many_parts_is_refused_before_it_takes_gigabytes(data: bytes) -> None:
    assert "line 2: a name in it has many parts with dots between them" in refusal(
        data, Format.TOML
    )


def test_dots_within_a_text_are_no_name() -> None:
    dots = ".".join("abcdefghijklmnop")
    text = f'[[facts]]\ntext = "{dots}" # {dots}\nsource = """\n{dots}"""\n'
    (entry,) = reading.read(text.encode(), Format.TOML, name="desk").entries
    assert entry.given["text"] == dots


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"[" * 100_000, Format.JSON),
        (b"a = " + b"[" * 100_000, Format.TOML),
        (b"a = " + b"{a = " * 20_000, Format.TOML),
        (b'{"text": ' + b"[" * 100_000, Format.JSONL),
    ],
)
def test_deep_nesting_is_one_fault(data: bytes, kind: Format) -> None:
    assert syntax.NESTED in refusal(data, kind)


def test_what_is_many_times_larger_in_memory_is_refused_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "_BRACKETS", 100)
    monkeypatch.setattr(syntax, "LINES_LIMIT", 100)
    monkeypatch.setattr(syntax, "CELLS_LIMIT", 1_000)
    monkeypatch.setattr(decoding, "PAGE_LIMIT", 1_000)
    assert syntax.TOO_MANY in refusal(b"[" + b"[]," * 100 + b"[]]", Format.JSON)
    assert syntax.TOO_LONG in refusal(b"1\n" * 101, Format.JSONL)
    assert syntax.TOO_LONG in refusal(b"question,answer\n" + b"a,b\n" * 101, Format.CSV)
    assert syntax.TOO_LONG in refusal(b"question,answer" + b"," * 1_000, Format.CSV)
    assert "at most 0 MB of a page" in refusal(b"## Who?\nThe town.\n" * 100, Format.MD)
    long = b"question,answer\nWho?," + b"a" * (csv.field_size_limit() + 1)
    assert "line 2: a cell has more than 131,072 characters" in refusal(long, Format.CSV)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1 of 9",
        "-5 degrees",
        "@home",
        "\u200b=1",
        "'=1",
        "''-1",
        "'quoted'",
        "＝1",
        "plain",
    ],
)
def test_no_cell_of_an_export_is_a_formula_and_all_come_back(text: str) -> None:
    given = {"key": "a", "text": text, "source": "-"}
    file = StoryFile(entries=(Entry(key="a", given=given, place="line 2"),))
    out = writing.write(file, Format.CSV)
    cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@＝")]
    (entry,) = reading.read(out.encode(), Format.CSV, name="desk").entries
    assert (entry.given["text"], entry.given["source"]) == (text, "-")


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://whitehouse.gov@evil.example/", "it leads to evil.example"),
        ("https://ada:secret@news.example/", "a name or a password before its host"),
        ("https://news.example/\u202egpj.exe", "cannot be seen (U+202E)"),
        ("https://news.exam\u200bple/", "cannot be seen (U+200B)"),
        ("https://news.example\\@evil.example/", "has a name or a password before its host"),
        ("https://news.example/a\\b", "holds a backslash"),
        ("https://[news/", "is no address of the web"),
        ("https:///news", "names no host"),
        ("javascript:alert(1)", "does not begin with http:// or https://"),
        ("https://news.example/a?b=c#d", None),
        ("http://[::1]:8080/", None),
        ("https://новости.example/мост", None),
    ],
)
def test_a_link_that_deceives_is_refused(address: str, fault: str | None) -> None:
    said = addresses.fault_of(address)
    assert said is None if fault is None else fault in str(said)
    row = f"question,text,source,source_url\nWho?,The town.,Desk,{address}\n".encode()
    if fault is None:
        assert reading.read(row, Format.CSV, name="desk").entries[0].given["source_url"] == address
    else:
        assert "\u202e" not in refusal(row, Format.CSV)


@pytest.mark.parametrize(
    ("words", "address", "host"),
    [
        ("whitehouse.gov", "https://evil.example/", "evil.example"),
        ("www.bbc.co.uk", "https://news.bbc.co.uk/1", None),
        ("The U.S. Navy", "https://navy.example/", None),
        ("The Herald", "https://herald.example/", None),
    ],
)
def test_a_name_that_shows_another_host_is_found(
    words: str, address: str, host: str | None
) -> None:
    assert addresses.other_host(words, address) == host


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.example/?id=7&access_token=abc", "access_token"),
        ("https://a.example/?X-Amz-Signature=abc", "X-Amz-Signature"),
        ("https://a.example/#key=abc", "key"),
        ("https://a.example/?token=", None),
        ("https://a.example/?keyword=token&author=auth", None),
        (None, None),
    ],
)
def test_a_secret_in_a_link_is_warned_of(address: str | None, name: str | None) -> None:
    assert addresses.secret_in(address) == name
    entry = Entry(key="a", given={"text": "It rained.", "source_url": address}, place="line 2")
    found = cautions(StoryFile(entries=(entry,)), None, (), ())
    assert found == (() if name is None else (SecretShown(name=name, places=("line 2",)),))
