"""Which other facts say the same error, and what they would say instead."""

import tomllib

from bot import stories
from bot.services.facts.changes.echoes import echoes
from db.records import Fact, FactDraft, Lexicon, Name, NameKind
from tests.samples import a_fact

LEXICON = Lexicon(names=(Name(name="Keir Starmer", kind=NameKind.PERSON, also=("the PM",)),))


def bundled() -> list[Fact]:
    rows = tomllib.loads(stories.bundled().decode())["facts"]
    return [
        a_fact(number, key=row["key"], text=row["text"], question=row["question"])
        for number, row in enumerate(rows, start=1)
    ]


def found(was: Fact, text: str | None, others: list[Fact]) -> list[tuple[int, str, str | None]]:
    now = None if text is None else FactDraft(key=was.key, text=text)
    return [(each.fact.id, each.says, each.text) for each in echoes(was, now, others, LEXICON)]


def test_the_wrong_figure_of_the_bundled_call_is_found_in_every_fact_that_says_it() -> None:
    facts = bundled()
    was = next(fact for fact in facts if fact.key == "call-length")
    right = was.text.replace("about two and a half hours", "two hours and five minutes")
    echoed = found(was, right, facts)
    holding = {fact.id for fact in facts if "two and a half hours" in fact.text} - {was.id}
    assert {number for number, *_ in echoed} == holding
    assert all(text and "two hours and five minutes" in text for *_, text in echoed)
    assert not any("half" in (text or "") for *_, text in echoed)
    assert {number for number, *_ in found(was, None, facts)} == holding


def test_the_likest_come_first_and_what_is_about_something_else_not_at_all() -> None:
    was = a_fact(1, question="How long was the outage?", text="The outage lasted three hours.")
    others = [
        a_fact(2, question="How late was the train?", text="The train left three hours late."),
        a_fact(3, question="Why was it dark?", text="The outage of 3 hours left the hall dark."),
        a_fact(4, question="What did the outage cost?", text="The outage cost three clients."),
    ]
    assert found(was, "The outage lasted four hours.", others) == [
        (3, "3 hours", "The outage of four hours left the hall dark.")
    ]


def test_where_it_is_not_plain_what_is_right_the_editor_writes_it() -> None:
    was = a_fact(1, question="Who was there?", text="Two clerks and three guards stood there.")
    other = a_fact(2, question="Who fled?", text="The two clerks fled; three guards stood there.")
    assert found(was, "Only five guards stood there.", [other]) == [(2, "two clerks", None)]


def test_what_is_only_left_out_was_not_wrong() -> None:
    was = a_fact(1, text="The outage lasted three hours, Paris grid said.")
    others = [a_fact(2, text="The outage, said the Paris grid, lasted three hours.")]
    (echo,) = found(was, "The outage lasted four hours.", others)
    assert echo[1] == "three hours"


def test_mere_wording_has_no_echo() -> None:
    was = a_fact(1, text="The outage lasted three hours.")
    other = a_fact(2, text="The outage lasted three hours, twice.")
    assert found(was, "For 3 hours the outage went on.", [other]) == []
