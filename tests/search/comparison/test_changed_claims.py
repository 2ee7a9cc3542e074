"""A change of a number, a name, a date or a "not" is never only a wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import Name, StoryLexicon
from bot.search.comparison.comparison import ChangedClaim, Comparison
from bot.search.comparison.reading import ClaimKind, reader

LEXICON = StoryLexicon(
    names=(
        Name(name="Donald Trump", kind="person", also=("Trump", "the U.S. president")),
        Name(name="Vladimir Putin", kind="person", also=("Putin",)),
        Name(name="the Kremlin", kind="body"),
    )
)


def changed(was: str, now: str) -> tuple[ChangedClaim, ...]:
    read = reader(LEXICON).read
    return Comparison(read(was), read(now)).changed_claims


def kinds(was: str, now: str) -> list[ClaimKind]:
    return [each.kind for each in changed(was, now)]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("It is 412 metres long.", "The length is 412 metres."),
        ("The call lasted two hours.", "The call went on for 2 hours."),
        ("It cost twenty-two million.", "The price was 22 million."),
        ("It took two and a half hours.", "It took 2.5 hours."),
        ("They spoke on May 19.", "On 19 May they spoke."),
        ("They spoke on the nineteenth.", "They spoke on the 19th."),
        ("He didn't call.", "He did not call."),
        ("Trump called.", "Donald Trump called."),
        ("On Monday Trump called.", "The U.S. president called on Monday."),
        ("About 50 percent agreed.", "Some 50% agreed."),
        ("1,000 people came.", "A crowd of 1000 people came."),
        ("Nobody was hurt.", "Nobody was injured."),
        ("The offcials met.", "The officials met."),
        ("Mr. Trump called Putin.", "Trump called Putin."),
        ("It holds ninety ships.", "It holds 90 ships."),
        ("It cost $1.5 million.", "The price was 1,500,000 dollars."),
        ("It was two hundred and five.", "It was 205."),
        ("They met on Sept 3.", "They met on the 3rd of September."),
        ("They met on Thurs.", "They met on Thursday."),
        ("They met at 8 p.m. there.", "They met there at 20:00."),
        ("They can't meet.", "They cannot meet."),
    ],
)
def test_the_same_in_other_words_is_a_wording(was: str, now: str) -> None:
    assert changed(was, now) == ()
    assert changed(now, was) == ()


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("It is 412 metres long.", "It is 421 metres long.", ClaimKind.NUMBER),
        ("The call lasted two hours.", "The call lasted three hours.", ClaimKind.NUMBER),
        ("The call lasted two hours.", "The call lasted two and a half hours.", ClaimKind.NUMBER),
        ("The call lasted hours.", "The call lasted two hours.", ClaimKind.NUMBER),
        ("The first call failed.", "The second call failed.", ClaimKind.NUMBER),
        ("It cost 2 million.", "It cost 2 billion.", ClaimKind.NUMBER),
        ("It cost 2.5 million.", "It cost 25 million.", ClaimKind.NUMBER),
        ("It cost 123456.7 pounds.", "It cost 123456.8 pounds.", ClaimKind.NUMBER),
        (f"It was {'9' * 3000}.", f"It was {'9' * 2999}8.", ClaimKind.NUMBER),
        ("It was 5 degrees.", "It was -5 degrees.", ClaimKind.NUMBER),
        ("It rose by 5%.", "It rose by 5.", ClaimKind.NUMBER),
        ("It cost $5.", "It cost €5.", ClaimKind.NUMBER),
        ("Half agreed.", "A quarter agreed.", ClaimKind.NUMBER),
        ("Two men met three women.", "Three men met two women.", ClaimKind.NUMBER),
        ("He met Ada Lovelace.", "He met Ada Byron.", ClaimKind.NAME),
        ("Smith said so.", "Jones said so.", ClaimKind.NAME),
        ("Putin said so.", "Trump said so.", ClaimKind.NAME),
        ("It was in Rome.", "It was in Oslo.", ClaimKind.NAME),
        ("It was said in town.", "It was said in Oslo.", ClaimKind.NAME),
        ("Trump called Putin.", "Putin called Trump.", ClaimKind.NAME),
        ("The Kremlin agreed.", "The spokesman agreed.", ClaimKind.NAME),
        ("They met on Monday.", "They met on Tuesday.", ClaimKind.DATE),
        ("They met on 3 May.", "They met on 3 June.", ClaimKind.DATE),
        ("They met in 2024.", "They met in 2025.", ClaimKind.DATE),
        ("They met at 9, 100 people came.", "They met at 9, 900 people came.", ClaimKind.NUMBER),
        ("They met at 2 am.", "They met at 2 pm.", ClaimKind.DATE),
        ("They met today.", "They met yesterday.", ClaimKind.DATE),
        ("They will meet.", "They will not meet.", ClaimKind.NEGATION),
        ("They will meet.", "They won't meet.", ClaimKind.NEGATION),
        ("They can meet.", "They cannot meet.", ClaimKind.NEGATION),
        ("Somebody was hurt.", "Nobody was hurt.", ClaimKind.NEGATION),
        ("They met with lawyers.", "They met without lawyers.", ClaimKind.NEGATION),
    ],
)
def test_another_statement_is_no_wording(was: str, now: str, kind: ClaimKind) -> None:
    assert kind in kinds(was, now)
    assert kind in kinds(now, was)


def test_what_changed_is_named() -> None:
    (found,) = changed("The call lasted two hours.", "The call lasted 3 hours.")
    assert (found.kind, found.was, found.now) == (ClaimKind.NUMBER, "2", "3")
    (found,) = changed("They met Putin.", "They met.")
    assert (found.was, found.now) == ("vladimir putin", "")


@given(st.text(max_size=200))
def test_the_same_text_has_no_differences(text: str) -> None:
    assert changed(text, text) == ()


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["{} came.", "About {}, he said"])
)
def test_another_number_is_always_seen(one: int, other: int, frame: str) -> None:
    assert (ClaimKind.NUMBER in kinds(frame.format(one), frame.format(other))) is (one != other)
