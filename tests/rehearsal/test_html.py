"""HTML → visible text and entities, as the Bot API reads it."""

import html as escaping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.api import html
from bot.rehearsal.world.entities import Entity, checked_link, completed, cut, found, tidy, units

TEXTS = st.text(st.characters(codec="utf-8"))


def kinds(source: str) -> list[tuple[str, str]]:
    text, entities = html.parse(source)
    return [(entity.type, cut(text, entity)) for entity in entities]


@given(TEXTS)
def test_escaped_text_comes_back(text: str) -> None:
    source = escaping.escape(text).replace("\0", "")
    assert html.parse(source) == (text.replace("\0", ""), [])


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_offsets_count_utf16_units(parts: list[tuple[str, str]]) -> None:
    clean = [(plain.replace("\0", ""), bold.replace("\0", "")) for plain, bold in parts]
    source = "".join(f"{escaping.escape(p)}<b>{escaping.escape(b)}</b>" for p, b in clean)
    text, entities = html.parse(source)
    assert [cut(text, entity) for entity in entities] == [bold for _, bold in clean if bold]
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(0, 20), st.integers(1, 20))
def test_tidying_keeps_entities_inside_the_text(text: str, offset: int, length: int) -> None:
    if offset + length > units(text):
        return
    clean, entities = tidy(text, [Entity(type="bold", offset=offset, length=length)])
    assert all(e.offset >= 0 and e.end <= units(clean) for e in entities)
    assert "\r" not in clean


@given(TEXTS)
def test_what_is_found_lies_in_the_text(text: str) -> None:
    assert all(e.length > 0 and e.end <= units(text) for e in found(text))


def test_every_tag_has_its_entity() -> None:
    assert kinds("<b>a</b><strong>b</strong><i>c</i><em>d</em><u>e</u><ins>f</ins>") == [
        ("bold", "a"),
        ("bold", "b"),
        ("italic", "c"),
        ("italic", "d"),
        ("underline", "e"),
        ("underline", "f"),
    ]
    assert kinds('<s>a</s><tg-spoiler>b</tg-spoiler><span class="tg-spoiler">c</span>') == [
        ("strikethrough", "a"),
        ("spoiler", "b"),
        ("spoiler", "c"),
    ]
    assert kinds("<blockquote>a</blockquote>\n<blockquote expandable>b</blockquote>") == [
        ("blockquote", "a"),
        ("expandable_blockquote", "b"),
    ]


def test_nested_tags_come_outer_first() -> None:
    assert kinds("x <b>one <i>two</i></b>") == [("bold", "one two"), ("italic", "two")]


def test_code_in_pre_gives_one_entity_with_its_language() -> None:
    _, entities = html.parse('<pre><code class="language-python">x</code></pre>')
    assert [(e.type, e.language) for e in entities] == [("pre", "python")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&nbsp;&copy;", "&nbsp;&copy;"),
        ("&#65;&#x42;&#x1F600;", "AB😀"),
        ("&#0;&#99999999;", "&#0;&#99999999;"),
        ("a & b &amp c", "a & b & c"),
        ("<b></b>", ""),
        ("<B>loud</B>", "loud"),
        ("<b >spaced</b >", "spaced"),
    ],
)
def test_references_and_odd_spellings(source: str, text: str) -> None:
    assert html.parse(source)[0] == text


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ab<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("é<p>", 'Unsupported start tag "p" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<i>a</b>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<i =a>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
        ("<i a", 'Unclosed start tag "i" at byte offset 0'),
        ("<i a=b,", "Unexpected end of name token at byte offset 5"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "&#xDFDF;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_wrong_markup_gives_the_servers_words(source: str, error: str) -> None:
    with pytest.raises(html.MarkupError) as raised:
        html.parse(source)
    assert str(raised.value) == error


@given(st.text(st.sampled_from("<>/ab&;#x='\" i"), max_size=30))
def test_any_markup_is_read_or_refused(source: str) -> None:
    try:
        text, entities = html.parse(source)
    except html.MarkupError:
        return
    assert all(entity.end <= units(text) for entity in entities)


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("https://Example.org", "https://example.org/"),
        ("example.org/a?b=1", "http://example.org/a?b=1"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("javascript:alert(1)", None),
        ("ftp://example.org", None),
        ("no link", None),
        ("http://[", None),
    ],
)
def test_links_are_kept_as_telegram_keeps_them(given_url: str, kept: str | None) -> None:
    assert checked_link(given_url) == kept


def test_a_link_that_is_none_keeps_only_its_words() -> None:
    assert html.parse('<a href="javascript:x">still true?</a>') == ("still true?", [])


def test_commands_mentions_and_links_are_found() -> None:
    text = "/ask@some_bot see https://example.org/a, @reader or a@b.org #news 1/2"
    assert [(e.type, cut(text, e)) for e in found(text)] == [
        ("bot_command", "/ask@some_bot"),
        ("url", "https://example.org/a"),
        ("mention", "@reader"),
        ("email", "a@b.org"),
        ("hashtag", "#news"),
    ]


def test_nothing_is_marked_inside_code() -> None:
    text, marked = html.parse("<code>/now <b>x</b></code>")
    assert [entity.type for entity in completed(text, marked)] == ["code"]


def test_only_a_hundred_entities_are_kept() -> None:
    text, marked = html.parse("<b>a</b> " * 150)
    assert len(completed(text, marked)) == 100


def test_ends_are_trimmed_and_entities_follow() -> None:
    text, marked = html.parse(" \n x <b>y </b>\r\n ")
    clean, entities = tidy(text, marked)
    assert (clean, [cut(clean, e) for e in entities]) == ("x y", ["y"])
