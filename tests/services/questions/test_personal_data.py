"""What tells who asks is taken out; what the news is made of stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.questions.personal_data import REMOVED, cleaned, is_empty

REMOVED_WHOLE = [
    # phones
    "+380 67 123 45 67",
    "+1 (202) 555-0143",
    "+442079460958",
    "0044 20 7946 0958",
    "067 123 45 67",
    "06 12 34 56 78",
    "07911 123456",
    "0171/1234567",
    "(202) 555-0143",
    "202-555-0143",
    "202.555.0143",
    "8 (495) 123-45-67",
    "8-495-123-45-67",
    "2025550143",
    "1-800-555-0143",
    # mail, names of users, links with ids
    "anna.k@example.org",
    "anna+news@mail.example.co.uk",
    "anna (at) example (dot) org",
    "anna [at] example.org",
    "anna at gmail.com",
    "anna at gmail dot com",
    "@anna_kov",
    "https://t.me/anna_kov",
    "t.me/anna_kov/15",
    "https://www.facebook.com/anna.kov",
    "instagram.com/anna",
    "https://example.org/p?user=12&token=x",
    "https://example.org/u/1234567",
    "https://example.org/s/a8f3bc99d0e14f22ab",
    "tg://user?id=77",
    # cards and accounts
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5500005555555559",
    "378282246310005",
    "DE89 3704 0044 0532 0130 00",
    "GB29NWBK60161331926819",
    "UA213223130000026007233566001",
    "de89370400440532013000",
    # numbers of people, of machines, places on a map
    "078-05-1120",
    "AB 12 34 56 C",
    "QQ123456C".replace("QQ", "AB"),
    "50.45013, 30.52341",
    "192.168.10.14",
    # where somebody lives
    "12 Baker Street",
    "221B Baker Street",
    "1600 Amphitheatre Parkway Road",
    "45 Oak Tree Lane, Apt 5",
    "742 Evergreen Terrace, Springfield, IL 62704",
    "SW1A 2AA",
    "вул. Хрещатик 22",
    "ул. Ленина, д. 5, кв. 12",
    "Hauptstraße 12",
    "12 rue de la Paix",
    "PO Box 1234",
]

IN_PART = [
    ("my phone is 5551234, when did they talk?", f"my phone is {REMOVED}, when did they talk?"),
    ("Call me at 555-1234 please", f"Call me at {REMOVED} please"),
    ("reach me on 12 34 56 when known", f"reach me on {REMOVED} when known"),
    ("Ring +380671234567! Who called?", f"Ring {REMOVED}! Who called?"),
    ("phones 0671234567 or 0507654321", f"phones {REMOVED} or {REMOVED}"),
    ("write to anna@example.org.", f"write to {REMOVED}."),
    ("<anna@example.org>", f"<{REMOVED}>"),
    ("ask @anna_kov, she knows", f"ask {REMOVED}, she knows"),
    ("card 4111 1111 1111 1111 was charged", f"card {REMOVED} was charged"),
    ("IBAN DE89 3704 0044 0532 0130 00 please", f"IBAN {REMOVED} please"),
    ("my passport number is FA123456, why?", f"my passport number is {REMOVED}, why?"),
    ("passport: 4509 123456", f"passport: {REMOVED}"),
    ("ИНН 7707083893", f"ИНН {REMOVED}"),
    ("I live at 12 baker street, what now?", f"I live at {REMOVED}, what now?"),
    ("my address is 5 main road", f"my address is {REMOVED}"),
    ("My name is Anna Kovalenko. Who called?", f"My name is {REMOVED}. Who called?"),
    ("my name is anna and I ask who called", f"my name is {REMOVED} and I ask who called"),
    ("my name is anna kovalenko, who called", f"my name is {REMOVED}, who called"),
    ("my name's Anna who called whom?", f"my name's {REMOVED} who called whom?"),
    ("my name is john what happened", f"my name is {REMOVED} what happened"),
    ("Меня зовут Анна Петрова, кто звонил?", f"Меня зовут {REMOVED}, кто звонил?"),
    ("Hi, I'm Anna from Kyiv. Who called?", f"Hi, I'm {REMOVED} from Kyiv. Who called?"),
    ("I am Anna Kovalenko and I ask", f"I am {REMOVED} and I ask"),
    ("This is Anna speaking, who called?", f"This is {REMOVED} speaking, who called?"),
    ("Who called whom? Thanks, Anna", f"Who called whom? Thanks, {REMOVED}"),
    ("How long? Regards,\nAnna Kovalenko", f"How long? Regards,\n{REMOVED}"),
    ("a\u200bnna@exam\u200bple.org", REMOVED),
]

KEPT = [
    "How long did the call of 19 May 2025 last?",
    "What happened on 2025-05-19 at 14:20?",
    "19.05.2025 or 20.05.2025?",
    "05/19/2025 14:20",
    "between 01.05.2025 and 12.06.2025",
    "2025-05-19 - 2025-05-20",
    "the war of 2014-2022, and 2022–2025",
    "1939 1945 1991 2022",
    "Were 1,000 prisoners exchanged for 1,000 prisoners?",
    "1 000 000 000 euros, 12 500 000 hryvnias",
    "10.000.000 dollars",
    "$1,250,000,000 or $50000000000 in aid",
    "€300000000000 of frozen assets",
    "a budget of 8000000000",
    "Did it end 3-2 or 2:1?",
    "score 21-19 18-21 21-15",
    "from 14:00 to 16:30, 09.00-10.30",
    "F-16, Su-27, S-400, HIMARS M142, T-72B3",
    "UN resolution 2202 and Article 5",
    "50.5% against 49.5 %, 0.125, 3.14159",
    "500 drones, 100-2000 soldiers, 10,000-12,000 shells",
    "5 people on the street",
    "On 9 May Red Square was closed",
    "Was he at 10 Downing Street or 1600 Pennsylvania Avenue?",
    "Is only 1 main road open?",
    "call me when it is known",
    "call me back about the ceasefire",
    "my name is not important",
    "I am Ukrainian and want to know who called",
    "Did Donald Trump and Vladimir Putin speak?",
    "Thanks for the answer, who is Vance?",
    "What does https://www.bbc.com/news say?",
    "Is https://example.org/world/call-ends true?",
    "Hotel number 12, room 5",
    "flight PS752 and case 21-5592",
    "Why is the number 300 on page 12?",
    "На 19 травня 2025 о 14:20?",
    "IS 5 THE NUMBER OF THE BRIDGE",
    "Chapter 1.2.3",
    "two @ signs @ home",
    "e@",
    "",
]


@pytest.mark.parametrize("private", REMOVED_WHOLE)
@pytest.mark.parametrize(
    "frame", ["{}", "Who called? {} is mine.", "({})", "Mine: {}\nWho called?"]
)
def test_personal_data_is_removed_wherever_it_stands(private: str, frame: str) -> None:
    assert cleaned(frame.format(private)) == frame.format(REMOVED)


@pytest.mark.parametrize(("written", "left"), IN_PART)
def test_only_what_is_personal_is_removed(written: str, left: str) -> None:
    assert cleaned(written) == left


@pytest.mark.parametrize("written", KEPT)
def test_days_times_sums_counts_and_the_people_of_the_news_stay(written: str) -> None:
    assert cleaned(written) == written


def test_a_card_number_must_check() -> None:
    assert cleaned("4111 1111 1111 1112") == "4111 1111 1111 1112"


def test_what_is_empty_without_personal_data() -> None:
    assert is_empty(cleaned("+380 67 123 45 67, anna@example.org"))
    assert is_empty("12 34")
    assert not is_empty(cleaned("who is +380671234567"))


PIECES = st.sampled_from([*REMOVED_WHOLE, *KEPT, *(written for written, _ in IN_PART), REMOVED])
NOISE = st.text(alphabet="0123456789 +-().@/,:aA\n[]$#", max_size=40)
ANYTHING = st.lists(PIECES | NOISE | st.text(max_size=20), max_size=5).map(" ".join)


@given(ANYTHING)
def test_any_text_is_cleaned_once_and_for_all(written: str) -> None:
    once = cleaned(written)
    assert cleaned(once) == once


@given(st.sampled_from(["4111111111111111", "anna.k@example.org", "+380671234567"]), NOISE)
def test_what_is_surely_personal_never_stays(private: str, noise: str) -> None:
    assert private not in cleaned(f"{noise} {private}.")
