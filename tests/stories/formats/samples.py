"""Files as desks have them, made by the programs that people use or byte by byte like theirs.

Each comes with the facts in it, and with the same file damaged and what is said to that.
"""

import json
from datetime import date, datetime
from typing import Final

from db.records import Moment, Status, Weight
from tests.stories.formats.builders import (
    ENDS,
    HEADER,
    JUNE,
    NO_ANSWERS,
    NO_QUESTION,
    OPEN_QUOTE,
    PAIRS,
    ROWS,
    TOWN,
    Sample,
    book,
    both,
    dated,
    document,
    facts,
    merged,
    open_quote,
    page,
    table,
    workbook,
)

LEFT_OUT: Final = ("ColumnsLeftOut",)
TABLES: Final = (
    table("plain.csv", [HEADER, *ROWS]),
    table("bom.csv", [HEADER, *ROWS], letters="utf-8-sig"),
    table("utf-16.csv", [HEADER, *ROWS], letters="utf-16", notes=["EncodingAssumed"]),
    table("utf-16-bare.tsv", [HEADER, *ROWS], sign="\t", letters="utf-16-le"),
    table("windows.csv", [HEADER, *ROWS], letters="cp1252", notes=["EncodingAssumed"]),
    table("sep.csv", [HEADER, *ROWS], sign=";", before="sep=;\r\n", notes=["SeparatorAssumed"]),
    table("semicolons.csv", [HEADER, *ROWS], sign=";", notes=["SeparatorAssumed"]),
    table("bars.csv", [HEADER, *ROWS], sign="|", notes=["SeparatorAssumed"]),
    table(
        "quotes.csv",
        [HEADER, *ROWS],
        spoil=open_quote,
        refusal=OPEN_QUOTE,
    ),
    table("excel-unicode.txt", [HEADER, *ROWS], sign="\t", letters="utf-16", refusal=NO_QUESTION),
    table(
        "empty-throughout.csv",
        [("", *HEADER, "", ""), ("",) * 5, ("", *ROWS[0], "", ""), ("",) * 5, ("", *ROWS[1])],
    ),
    table(
        "title-above.csv",
        [("Bridge FAQ", ""), ("kept by the desk", ""), HEADER, *ROWS],
        notes=["RowsAbove"],
    ),
    table(
        "no-names.csv",
        ROWS,
        notes=["ColumnsAssumed"],
    ),
    table(
        "own-columns.csv",
        [(*HEADER, "Editor's initials", "Metadata"), (*ROWS[0], "AB", "x:y"), (*ROWS[1], "", "")],
        notes=LEFT_OUT,
    ),
    table(
        "other-words.csv",
        [
            ("FAQ question", "Answer text", "Alternate questions", "Tags", "Link", "Who says so"),
            (
                *ROWS[0],
                "who foots the bill|whose money is it",
                "money, town",
                "https://x.org/1",
                "Mayor",
            ),
            (*ROWS[1], "", "", "", ""),
        ],
        facts(
            phrasings=("who foots the bill", "whose money is it"),
            topics=("money", "town"),
            source_url="https://x.org/1",
            source="Mayor",
        ),
        notes=["ColumnsTaken", "ListsDivided"],
    ),
    table(
        "one-slip.csv",
        [("Qestion", "Anwser", "Satus"), (*ROWS[0], "CONFIRMED"), (*ROWS[1], "Unknown")],
        (TOWN, {**JUNE, "status": Status.UNKNOWN}),
        notes=["ColumnsTaken", "SpellingsRead"],
    ),
    table(
        "several-columns.csv",
        [(*HEADER, "Phrasing 1", "Phrasing 2", "Weight"), (*ROWS[0], "a b", "c d", "BIG"), ROWS[1]],
        facts(phrasings=("a b", "c d"), weight=Weight.BIG),
    ),
    table(
        "markup.csv",
        [
            HEADER,
            (
                "Who <b>pays</b> for the repair?",
                "<p>The <b>town</b> pays, and the <a href='https://x.org/2'>state</a> "
                "doesn&#39;t.</p><script>track()</script>",
            ),
            ROWS[1],
        ],
        facts(source_url="https://x.org/2"),
        notes=["MarkupRemoved", "LinksTaken"],
    ),
    table(
        "day-first.csv",
        dated(("5/6/2025", "19/05/2025")),
        both("2025-06-05", "2025-05-19"),
        notes=["DatesAssumed"],
    ),
    table(
        "month-first.csv",
        dated(("5/6/2025", "5/19/2025 14:20")),
        both("2025-05-06", "2025-05-19 14:20"),
        notes=["DatesAssumed"],
    ),
    table(
        "dots.tsv",
        dated(("05.06.2025", "19 May 2025")),
        both("2025-06-05", "2025-05-19"),
        sign="\t",
        notes=["DatesAssumed"],
    ),
    table(
        "iso.csv",
        dated(("2025-05-19T00:00:00Z", "May 19, 2025")),
        both("2025-05-19", "2025-05-19"),
        spoil=open_quote,
        refusal=OPEN_QUOTE,
    ),
)

_DAYS: Final = [
    (*HEADER, "Date"),
    (*ROWS[0], date(2025, 5, 19)),
    (*ROWS[1], datetime(2025, 5, 19, 14, 20)),  # noqa: DTZ001 - a cell has no zone
]
BOOKS: Final = (
    book("plain.xlsx", workbook(("Sheet1", [HEADER, *ROWS]))),
    book(
        "dates.xlsx",
        workbook(("Sheet1", _DAYS)),
        both("2025-05-19", "2025-05-19 14:20"),
        damaged=b"PK\x03\x04" + b"\0" * 400,
    ),
    book(
        "second-sheet.xlsx",
        workbook(("Read me", [("How to use this",)]), ("Answers", [HEADER, *ROWS])),
        notes=["SheetTaken"],
        damaged=workbook(("Read me", [("How to use this",)]), ("Answers", [ROWS[0]])),
        refusal=NO_ANSWERS,
    ),
    book(
        "hidden-sheet.xlsx",
        workbook(("Old", [HEADER, ("Old?", "Old.")]), ("Now", [HEADER, *ROWS]), hidden=["Old"]),
        notes=["SheetTaken"],
    ),
    book(
        "merged-title.xlsx",
        merged([("Bridge FAQ", None), HEADER, *ROWS], "A1:B1"),
        notes=["RowsAbove"],
    ),
    book(
        "gaps.xlsx",
        workbook(("FAQ", [(), (None, *HEADER), (), (None, *ROWS[0]), (), (None, *ROWS[1])])),
    ),
    book("named.csv", workbook(("Sheet1", [HEADER, *ROWS]))),
)

_AZURE: Final = ("Question", "Answer", "Source", "Metadata", "SuggestedQuestions", "QnaId")
_ASKED_TWICE: Final = [
    _AZURE,
    (ROWS[0][0], "The **town** pays, and the state doesn't.", "Editorial", "a:b", "[]", 1),
    ("Who foots the bill?", "The **town** pays, and the state doesn't.", "Editorial", "", "[]", 1),
    (*ROWS[1], "https://x.org/3", "", "[]", 2),
]
_PHRASED: Final = (
    {**TOWN, "phrasings": ("Who foots the bill?",)},
    {**JUNE, "source_url": "https://x.org/3"},
)
EXPORTS: Final = (
    table(
        "qnamaker.tsv",
        _ASKED_TWICE,
        _PHRASED,
        sign="\t",
        notes=["Recognised", "RowsJoined", "ColumnsLeftOut"],
    ),
    book(
        "qnamaker.xlsx",
        workbook(("QnA", _ASKED_TWICE)),
        _PHRASED,
        notes=["Recognised", "RowsJoined"],
    ),
    document(
        "azure.json",
        {
            "Metadata": {},
            "Assets": {
                "Qnas": [
                    {
                        "Id": 1,
                        "Answer": TOWN["text"],
                        "Source": "Editorial",
                        "Questions": [TOWN["question"], "Who foots the bill?"],
                        "Dialog": {"IsContextOnly": False, "Prompts": []},
                    },
                    {"Id": 2, "Answer": JUNE["text"], "Questions": [JUNE["question"]]},
                ]
            },
        },
        facts(phrasings=("Who foots the bill?",)),
        notes=["Recognised"],
    ),
    document(
        "qnabot.json",
        {
            "qna": [
                {"qid": "T.1", "q": [TOWN["question"], "Whose money?"], "a": TOWN["text"]},
                {"qid": "T.2", "q": [JUNE["question"]], "a": JUNE["text"], "type": "qna"},
            ]
        },
        ({**TOWN, "key": "T.1", "phrasings": ("Whose money?",)}, {**JUNE, "key": "T.2"}),
        notes=["Recognised"],
        cut=False,
    ),
    document(
        "faqpage.json",
        {
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": question,
                    "acceptedAnswer": {"@type": "Answer", "text": f"<p>{text}</p>"},
                }
                for question, text in ROWS
            ],
        },
        notes=["Recognised", "MarkupRemoved"],
    ),
    document(
        "bare-list.json",
        [{"question": question, "answer": text} for question, text in ROWS],
        notes=["Recognised"],
        cut=False,
    ),
    document("own.json", {"facts": [{"Question": q, "Answer": a} for q, a in ROWS]}),
    Sample(
        name="lines.jsonl",
        data="".join(json.dumps({"question": q, "answer": a}) + "\n" for q, a in ROWS).encode(),
        facts=PAIRS,
        damaged=b'{"question": "Who?", "answer": "The',
        refusal=ENDS,
    ),
    Sample(
        name="own.toml",
        data="".join(f'[[facts]]\nquestion = "{q}"\ntext = "{a}"\n' for q, a in ROWS).encode(),
        facts=PAIRS,
        damaged=b'[[facts]]\nquestion = "Who?"\ntext It rained.\n',
        refusal="here stands 'text It rained.'; write a field as name",
    ),
)

_HTML: Final = "".join(f"<h2>{q}</h2><p>{a}</p>" for q, a in ROWS)
_LISTED: Final = "".join(f"<dt>{q}</dt><dd>{a}</dd>" for q, a in ROWS)
_DATA: Final = next(each.data.decode() for each in EXPORTS if each.name == "faqpage.json")
PAGES: Final = (
    page("headings.md", "# Bridge\n\n" + "".join(f"## {q}\n\n{a}\n\n" for q, a in ROWS)),
    page("marked.txt", "\n\n".join(f"Q: {q}\nA: {a}" for q, a in ROWS)),
    page("lines.txt", "\n\n".join(f"{q}\n{a}" for q, a in ROWS)),
    page("bold.md", "\n\n".join(f"**{n}. {q}**\n\n{a}" for n, (q, a) in enumerate(ROWS, 1))),
    page(
        "contents.md",
        "".join(f"- [{q}](#x)\n" for q, _ in ROWS)
        + "".join(f"\n### {q}\n{a}\n" for q, a in ROWS)
        + "\n### Contact\nCall the desk.\n",
        notes=["PassagesLeftOut"],
    ),
    page(
        "source-below.md",
        f"## {ROWS[0][0]}\n{ROWS[0][1]}\n\nSource: the mayor\nUpdated: 19 May 2025\n\n"
        f"## {ROWS[1][0]}\n{ROWS[1][1]}\n",
        facts(source="the mayor", as_of=Moment.parse("2025-05-19")),
    ),
    page("page.html", f"<html><head><title>Why?</title></head><body><nav>Home</nav>{_HTML}</body>"),
    page("listed.html", f"<style>p {{}}</style><dl>{_LISTED}</dl><footer>Who are we?</footer>"),
    Sample(
        name="data.html",
        data=f'<script type="application/ld+json">{_DATA}</script><p>Nothing.</p>'.encode(),
        facts=PAIRS,
        damaged=f'<script type="application/ld+json">{_DATA[:90]}</script>Nothing.'.encode(),
        refusal=NO_QUESTION,
        notes=frozenset(("Recognised", "MarkupRemoved")),
    ),
)

SAMPLES: Final = (*TABLES, *BOOKS, *EXPORTS, *PAGES)
