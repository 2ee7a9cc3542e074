"""The figures as a picture for a phone. Drawing takes a third of a second: off the event loop.

Importing this takes one or two seconds, so it is imported when the first picture is drawn.
"""

import io
import threading
from typing import Final

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.services.questions.statistics import Figures
from bot.views import markup
from bot.views.desk.statistics import LABELS, questions, title
from db.records import Outcome

DOTS_PER_INCH: Final = 150
WIDTH: Final = 7.2
"""Inches, 1,080 pixels: what a phone shows without enlarging."""

BARS_HEIGHT: Final = 6.0
ROW_HEIGHT: Final = 0.75
PAPER: Final = "#fbfaf7"
INK: Final = "#1c1c1e"
FAINT: Final = "#c9c7c1"
COLOURS: Final = {
    Outcome.ANSWER: "#1b7f5c",
    Outcome.UNKNOWN: "#2f6db5",
    Outcome.NOT_COVERED: "#e0a43a",
    Outcome.SCREEN: "#7fb7a4",
    Outcome.CHOOSE: "#a678c8",
    Outcome.MISSING: "#d9483b",
    Outcome.OFF_TOPIC: "#9a9a98",
}
"""On paper of the picture's own, so that they are the same on dark and light screens."""

LABELS_SHOWN: Final = 8
DAYS_SHOWN: Final = 7
"""Labels below the bars; days take more room than hours."""

QUESTION_LENGTH: Final = 48
FONT: Final = "DejaVu Sans"
"""The font that comes with the library."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""The library's fonts are shared and not made for several threads."""


def draw(figures: Figures) -> bytes:
    """Return the figures as a PNG: questions by time and outcome, then those asked in vain."""
    with _ONE_AT_A_TIME:
        rows = len(figures.unanswered)
        below = ROW_HEIGHT * rows + 1.0 if rows else 0.0
        figure = Figure(figsize=(WIDTH, BARS_HEIGHT + below), dpi=DOTS_PER_INCH, facecolor=PAPER)
        FigureCanvasAgg(figure)
        whole = BARS_HEIGHT + below
        bars = figure.add_axes((0.10, (below + 0.5) / whole, 0.86, 3.55 / whole))
        _bars(bars, figures)
        _heading(figure, bars, figures, whole)
        if rows:
            vain = figure.add_axes((0.06, 0.2 / whole, 0.88, ROW_HEIGHT * rows / whole))
            _in_vain(vain, figures)
        written = io.BytesIO()
        figure.savefig(written, format="png", facecolor=PAPER)
    return written.getvalue()


def _heading(figure: Figure, bars: Axes, figures: Figures, whole: float) -> None:
    first, second = title(figures), f"{questions(figures.asked)} asked"
    for text, size, weight, below in ((first, 21, "bold", 0.5), (second, 17, "normal", 0.85)):
        figure.text(
            0.06, 1 - below / whole, text, fontsize=size, fontweight=weight, color=INK, family=FONT
        )
    bars.legend(
        *bars.get_legend_handles_labels(),
        loc="lower left",
        bbox_to_anchor=(-0.06, 1.03),
        ncols=3,
        fontsize=14,
        frameon=False,
        labelcolor=INK,
        handlelength=1.0,
        columnspacing=1.2,
        borderpad=0,
    )


def _bars(axes: Axes, figures: Figures) -> None:
    places = range(len(figures.bars))
    heights = [0] * len(figures.bars)
    for outcome, colour in COLOURS.items():
        counts = [bar.counts.get(outcome, 0) for bar in figures.bars]
        label = f"{figures.counts.get(outcome, 0):,} {LABELS[outcome]}"
        axes.bar(places, counts, bottom=heights, color=colour, width=0.82, label=label)
        heights = [below + count for below, count in zip(heights, counts, strict=True)]
    _plain(axes)
    axes.set_ylim(0, max([*heights, 1]) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda number, _: thousands(number)))
    longest = max(len(bar.label) for bar in figures.bars)
    step = -(-len(figures.bars) // (LABELS_SHOWN if longest <= 2 else DAYS_SHOWN))
    axes.set_xticks(places[::step], [bar.label for bar in figures.bars[::step]])
    axes.tick_params(labelsize=14, labelcolor=INK, length=0, pad=6)


def _in_vain(axes: Axes, figures: Figures) -> None:
    """Draw a bar for each question with its words above it."""
    _plain(axes)
    axes.axis("off")
    most = max(count for _, count in figures.unanswered)
    rows = len(figures.unanswered)
    axes.set_xlim(0, 1.12 * most)
    axes.set_ylim(-0.5, rows - 0.5)
    axes.text(
        0, rows - 0.35, "Asked in vain", fontsize=17, fontweight="bold", color=INK, family=FONT
    )
    for number, (question, count) in enumerate(figures.unanswered):
        row = rows - 1 - number
        axes.barh(row - 0.25, count, height=0.26, color=COLOURS[Outcome.MISSING])
        words = drawable(markup.shorten(" ".join(question.split()), QUESTION_LENGTH))
        # Readers' words are no formulas: "$" stands for itself.
        axes.text(0, row + 0.02, words, fontsize=14, color=INK, family=FONT, parse_math=False)
        axes.text(
            count + 0.02 * most,
            row - 0.25,
            f"{count:,}",
            fontsize=14,
            color=INK,
            family=FONT,
            verticalalignment="center",
        )


def _plain(axes: Axes) -> None:
    axes.set_facecolor(PAPER)
    for side in axes.spines.values():
        side.set_visible(False)


def thousands(number: float) -> str:
    """Return a number for the narrow margin: 950, 9,500, 95k."""
    return f"{number / 1000:,.0f}k" if number >= 10_000 else f"{number:,.0f}"


def drawable(text: str) -> str:
    """Return `text` with a box for every character that the font does not have."""
    font = font_manager.get_font(font_manager.findfont(FONT))
    known = font.get_charmap()
    return "".join(character if ord(character) in known else "□" for character in text)
