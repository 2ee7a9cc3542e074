"""Tables: what a column means, what is divided, and what is one fault for the whole file."""

import io
import zipfile
from datetime import date

import pytest

from bot.errors import StoryFileError
from bot.stories import reading
from bot.stories.formats import headers, syntax
from bot.stories.notes import ColumnsLeftOut, DateOrder, DatesUnclear
from bot.stories.storyfile import Format, StoryFile
from db.records import Moment
from tests.stories.formats.builders import HEADER, ROWS, separated, workbook


def read(text: str, order: DateOrder | None = None) -> StoryFile:
    return reading.read(text.encode(), Format.CSV, name="desk.csv", order=order)


def refusal(text: str) -> str:
    with pytest.raises(StoryFileError) as refused:
        read(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "field", "near"),
    [
        ("Answer", "text", None),
        ("ALTERNATIVE PHRASING", "phrasings", None),
        ("AlternateQuestions", "phrasings", None),
        ("source_url", "source_url", None),
        ("Tags:", "topics", None),
        ("Anwser", "text", None),
        ("satus", "status", None),
        ("Qestoin", None, "question"),
        ("Notes", None, None),
        ("Metadata", None, None),
        ("Editor's initials", None, None),
        ("Desk", None, None),
        ("", None, None),
    ],
)
def test_a_name_means_a_field_or_one_is_named_that_was_meant(
    name: str, field: str | None, near: str | None
) -> None:
    assert headers.meaning(name) == headers.Meaning(field=field, near=near)


def test_a_wrong_name_is_one_fault_however_many_rows_there_are() -> None:
    text = separated([("answer", "qestoin"), *[("It rained.", "Did it?")] * 50])
    assert refusal(text).count("qestoin") == 1
    sound = reading.read_sound(text.encode(), Format.CSV, name="desk.csv")
    assert (len(sound.file.entries), sound.refused, sound.fault_count) == (50, 0, 1)


def test_a_column_that_fits_nowhere_is_one_fault() -> None:
    text = separated([(*HEADER, "Status"), *[(*ROWS[0], "Published")] * 5])
    assert "the column 'Status' holds 'Published' and the like" in refusal(text)
    text = separated([(*HEADER, "Date"), *[(*ROWS[0], "soon")] * 5])
    assert "as_of holds 'soon' and the like" in refusal(text)


def test_a_column_of_dates_is_never_taken_for_answers() -> None:
    text = separated([("Question", "Date"), ("Who?", "2025-05-19"), ("Where?", "2025-05-19")])
    assert "no column holds the answers" in refusal(text)


def test_lists_are_divided_where_it_is_evident_only() -> None:
    text = 'answer,phrasings,tags\nA.,"one, two; three\nfour",a; b\nB.,"- five\n• six","c, d"\n'
    first, second = (entry.draft() for entry in read(text).entries)
    assert first.phrasings == ("one, two; three", "four")
    assert second.phrasings == ("five", "six")
    assert (first.topics, second.topics) == (("a", "b"), ("c, d",))


def test_several_questions_in_a_cell_are_ways_of_asking_one_fact() -> None:
    (entry,) = read('Question,Answer\n"Who pays?\nWho foots the bill?",The town.\n').entries
    assert entry.given["question"] == "Who pays?"
    assert entry.given["phrasings"] == ("Who foots the bill?",)


def test_a_formula_that_failed_is_no_answer() -> None:
    text = separated([HEADER, *ROWS, ("Who?", "#REF!")])
    assert "a cell shows the error #REF!: mend its formula" in refusal(text)


def test_quotation_marks_between_tabs_are_its_own_unless_one_is_open() -> None:
    text = 'Question\tAnswer\nWho said no?\t"No" is what the mayor said.\n'
    (entry,) = reading.read(text.encode(), Format.TSV, name="desk.tsv").entries
    assert entry.given["text"] == '"No" is what the mayor said.'
    with pytest.raises(StoryFileError, match="line 2: a quotation mark is open"):
        reading.read(b'Question\tAnswer\nWho?\t"The mayor', Format.TSV, name="desk.tsv")


def test_letters_that_would_come_in_wrong_are_refused() -> None:
    data = "question;answer\nКто платит за мост?;Город платит за мост.\n".encode("cp1251")
    with pytest.raises(StoryFileError, match="stored in a way that I cannot tell; save it as"):
        reading.read(data, Format.CSV, name="desk.csv")


def test_numbers_and_days_of_a_workbook_are_words_where_words_are_wanted() -> None:
    rows = [HEADER, ("How long?", 412), ("When?", date(2025, 5, 19)), ("Half?", 0.5)]
    file = reading.read(workbook(("FAQ", rows)), Format.XLSX, name="desk.xlsx")
    assert [entry.given["text"] for entry in file.entries] == ["412", "19 May 2025", "0.5"]


def test_signs_that_are_no_markup_stay() -> None:
    text = separated([HEADER, ("Is a < b?", "a < b, b > c & 2**3**4 at R&D; <3")])
    (entry,) = read(text).entries
    assert entry.given["question"] == "Is a < b?"
    assert entry.given["text"] == "a < b, b > c & 2**3**4 at R&D; <3"


UNCLEAR = separated([(*HEADER, "Date"), (*ROWS[0], "5/6/2025"), (*ROWS[1], "7/7/2025")])


def test_days_that_can_mean_two_things_are_asked_about_once() -> None:
    assert refusal(UNCLEAR) == (
        "Nothing was imported from desk.csv. line 2: '5/6/2025' can be 5 June or May 6: add "
        "--dates day-first or --dates month-first."
    )
    for order, day in ((DateOrder.DAY_FIRST, "2025-06-05"), (DateOrder.MONTH_FIRST, "2025-05-06")):
        first, second = read(UNCLEAR, order).entries
        assert first.given["as_of"] == Moment.parse(day)
        assert second.given["as_of"] == Moment.parse("2025-07-07")


def test_one_column_decides_for_another_and_two_orders_in_one_are_a_fault() -> None:
    header = ("answer", "date", "happened")
    first, _ = read(separated([header, ("A.", "5/6/2025", "5/19/2025"), ("B.", "", "")])).entries
    assert first.given["as_of"] == Moment.parse("2025-05-06")
    text = separated(
        [("answer", "date"), ("A.", "19/5/2025"), ("B.", "5/19/2025"), ("C.", "5/6/2025")]
    )
    assert "put day and month in different order" in refusal(text)


def test_a_sheet_is_left_unread_where_it_is_larger_than_any_desk_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(syntax, "CELLS_LIMIT", 4)
    data = workbook(("FAQ", [HEADER, *ROWS]))
    with pytest.raises(StoryFileError, match="it has more than 4 cells; split it"):
        reading.read(data, Format.XLSX, name="desk.xlsx")


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_opened() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(61):
                part.write(bytes(1_000_000))
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(StoryFileError, match="unpacked it has more than 60 MB"):
        reading.read(bomb.getvalue(), Format.XLSX, name="desk.xlsx")


def test_an_old_workbook_and_another_archive_say_what_to_save() -> None:
    with pytest.raises(
        StoryFileError, match=r"older workbook, or has a password; save it as \.xlsx"
    ):
        reading.read(b"\xd0\xcf\x11\xe0" + bytes(600), Format.XLSX, name="desk.xlsx")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(StoryFileError, match=r"it is no workbook; save the spreadsheet as \.xlsx"):
        reading.read(other.getvalue(), Format.XLSX, name="desk.xlsx")


def test_what_is_left_out_and_what_is_unclear_is_noted() -> None:
    sound = reading.read_sound(UNCLEAR.replace("Date", "Day,x").encode(), Format.CSV, name="desk")
    assert ColumnsLeftOut(columns=("Day", "x")) in sound.file.notes
    sound = reading.read_sound(UNCLEAR.encode(), Format.CSV, name="desk")
    (unclear,) = (each for each in sound.file.notes if isinstance(each, DatesUnclear))
    assert (unclear.example, unclear.place) == ("5/6/2025", "line 2")
