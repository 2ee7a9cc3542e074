"""Figures in words and as a picture."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.rehearsal.api import html
from bot.services.questions.statistics import Bar, Figures, Period
from bot.views.desk import chart, statistics
from bot.views.message import plain
from db.records import Outcome
from tests.samples import AT, a_story

EVIL = '<b>$\\frac{1}$</b> {0} %s \U0001f54a 停战 & "why"\n' * 9
ROOT = Path(__file__).parents[3]


def some(**fields: Any) -> Figures:
    """Return the figures of a busy day, one question of each outcome in each hour."""
    counts = dict.fromkeys(statistics.LABELS, 1)
    bars = tuple(Bar(label=f"{hour:02}", counts=counts) for hour in range(24))
    usual = {
        "period": Period.TODAY,
        "counts": dict.fromkeys(statistics.LABELS, 24),
        "bars": bars,
        "waiting": 12,
        "wrong": 1,
        "unanswered": (("Who pays?", 14), ("When is it over?", 3)),
        "story": a_story(),
        "at": AT,
    }
    return Figures(**{**usual, **fields})


NOTHING = {"counts": {}, "bars": (Bar(label="20 May", counts={}),), "unanswered": ()}
MANY = {
    "period": Period.ALL,
    "counts": dict.fromkeys(statistics.LABELS, 10**9),
    "bars": (Bar(label="1 May", counts={Outcome.ANSWER: 10**9}),) * 31,
    "waiting": 10**9,
    "wrong": 10**9,
    "unanswered": ((EVIL, 10**9),) * 5,
}


def test_the_words_tell_every_number() -> None:
    assert plain(statistics.message(some())) == (
        "Today, 20 May: 168 questions. 24 answered, 24 not known yet, 24 not covered, "
        "24 about the story as a whole, 24 asked back which one, 24 declined, 24 off topic.\n"
        "12 readers wait for an answer now. “Not what I asked” was said once.\n\n"
        "Asked in vain\n• Who pays? (14 readers)\n• When is it over? (3 readers)"
    )


def test_the_title_tells_the_time_on_the_storys_clock() -> None:
    late = AT.replace(hour=22)  # the next day in Kyiv
    assert statistics.title(some(at=late)) == "Today, 21 May"
    assert statistics.title(some(at=late, period=Period.WEEK)) == "Seven days up to 21 May"
    assert statistics.title(some(period=Period.ALL)) == "Everything up to 20 May"


@pytest.mark.parametrize("fields", [{}, NOTHING, MANY], ids=["some", "nothing", "many"])
def test_the_words_fit_below_a_picture(fields: dict[str, Any]) -> None:
    text, _ = html.parse(statistics.message(some(**fields)).text_html)
    assert 0 < len(text.encode("utf-16-le")) // 2 <= 1024


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture.convert("RGB")


def shares(picture: Image.Image) -> dict[str, float]:
    """Return which part of the picture has which colour."""
    counted = picture.getcolors(maxcolors=2**24)
    assert counted is not None
    size = picture.width * picture.height
    return {f"#{bytes(colour).hex()}": count / size for count, colour in counted}  # type: ignore[arg-type]


def test_the_picture_shows_each_outcome_on_paper_of_its_own() -> None:
    picture = opened(chart.draw(some()))
    assert picture.format is None
    assert picture.width == 1080
    assert 900 <= picture.height <= 1700
    seen = shares(picture)
    assert seen[chart.PAPER] > 0.5
    assert all(seen[colour] > 0.01 for colour in chart.COLOURS.values())
    assert seen[chart.INK] > 0.005
    corners = [(0, 0), (1079, 0), (0, picture.height - 1), (1079, picture.height - 1)]
    paper = tuple(int(chart.PAPER[at : at + 2], 16) for at in (1, 3, 5))
    assert {picture.getpixel(corner) for corner in corners} == {paper}


def test_what_was_not_asked_is_not_in_the_picture() -> None:
    only = {Outcome.ANSWER: 7}
    picture = opened(chart.draw(some(bars=(Bar(label="20 May", counts=only),), unanswered=())))
    seen = shares(picture)
    assert seen[chart.COLOURS[Outcome.ANSWER]] > 0.1
    assert seen[chart.COLOURS[Outcome.MISSING]] < 0.002  # the legend's alone


@pytest.mark.parametrize("fields", [NOTHING, MANY], ids=["nothing", "many"])
def test_the_oddest_figures_are_drawn(fields: dict[str, Any]) -> None:
    picture = opened(chart.draw(some(**fields)))
    assert picture.width == 1080
    assert picture.width + picture.height <= 10_000


def test_characters_that_the_font_lacks_become_boxes() -> None:
    assert chart.drawable("Где $x$ 停?") == "Где $x$ □?"


def test_the_margin_has_room_for_large_numbers() -> None:
    numbers = (0, 950, 9500, 10_000, 320_000)
    assert [chart.thousands(n) for n in numbers] == ["0", "950", "9,500", "10k", "320k"]


def test_pictures_are_drawn_in_several_threads() -> None:
    with ThreadPoolExecutor(3) as threads:
        drawn = set(threads.map(chart.draw, [some()] * 3))
    assert len(drawn) == 1


def test_the_bot_starts_without_the_drawing_library() -> None:
    code = "import sys, bot.app; sys.exit('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)  # noqa: S603 - ours
    assert done.returncode == 0
