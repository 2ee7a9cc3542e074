"""The table of word vectors: its packing to the bit, its checksum, and that near words are near."""

import functools
import hashlib
import importlib.resources
import itertools
import re

import numpy as np
import pytest

from bot.search.learning import files
from bot.search.meaning import word_vectors

DATA = importlib.resources.files("bot.search") / "data"
TABLE = DATA / "vectors.npz"


@functools.cache
def small_table() -> word_vectors.WordVectors:
    """Two whole words and three pieces, each along an axis of its own."""
    packed, scales = word_vectors.pack(np.eye(6, dtype=np.float32)[:5])
    return word_vectors.WordVectors(
        entries=["call", "phone", "##ing", "##s", "c"],
        whole=2,
        packed=packed,
        scales=scales,
        weights=np.array([0, 100, 255, 255, 255], dtype=np.uint8),
        weight_step=0.04,
    )


def similarity(one: str, other: str) -> float:
    return float(word_vectors.load().vector(one) @ word_vectors.load().vector(other))


def test_codes_of_known_values_are_exact() -> None:
    packed, scales = word_vectors.pack(np.array([[7, -7, 0, 1, -1, 3]], dtype=np.float32))
    assert scales.tolist() == [1.0]
    assert packed.tolist() == [[0x97, 0x10, 0x3F]]
    assert word_vectors.unpack(packed, scales).tolist() == [[7, -7, 0, 1, -1, 3]]


def test_every_pair_of_codes_survives_the_round_trip() -> None:
    codes = range(-word_vectors.LARGEST_CODE, word_vectors.LARGEST_CODE + 1)
    rows = np.array([[7, 0, *pair] for pair in itertools.product(codes, codes)], dtype=np.float32)
    rows *= 0.25
    assert np.array_equal(word_vectors.unpack(*word_vectors.pack(rows)), rows)


def test_a_coordinate_is_off_by_little_more_than_half_a_scale() -> None:
    rows = np.random.default_rng(0).normal(size=(500, 128)).astype(np.float32)
    packed, scales = word_vectors.pack(rows)
    error = np.abs(word_vectors.unpack(packed, scales) - rows).max(axis=1)
    assert (error <= 0.505 * scales.astype(np.float32)).all()


@pytest.mark.parametrize("largest", [65504 * 7, 1e-6, 0])
def test_extremes_keep_their_sign_and_their_size(largest: float) -> None:
    rows = np.array([[largest, -largest, 0, 0]], dtype=np.float32)
    assert word_vectors.unpack(*word_vectors.pack(rows)) == pytest.approx(rows, rel=0.2)


def test_a_row_below_the_smallest_scale_becomes_zeros() -> None:
    rows = np.full((1, 4), 1e-12, dtype=np.float32)
    assert not word_vectors.unpack(*word_vectors.pack(rows)).any()


def test_no_rows_pack_to_no_rows() -> None:
    packed, scales = word_vectors.pack(np.zeros((0, 128), dtype=np.float32))
    assert packed.shape == (0, 64)
    assert word_vectors.unpack(packed, scales).shape == (0, 128)


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 2, 2)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="with d even"):
        word_vectors.pack(np.zeros(shape, dtype=np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf, 65504 * 7 * 1.01])
def test_rows_that_no_scale_can_hold_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="float16"):
        word_vectors.pack(np.array([[value, 0]], dtype=np.float32))


def test_codes_and_scales_of_different_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        word_vectors.unpack(np.zeros((2, 4), dtype=np.uint8), np.ones(3, dtype=np.float16))


def test_a_word_without_an_entry_is_the_mean_of_its_longest_pieces() -> None:
    half = np.sqrt(0.5)
    assert small_table().vector("calls") == pytest.approx([half, 0, 0, half, 0, 0])
    assert small_table().vector("cing") == pytest.approx([0, 0, half, 0, half, 0])


def test_characters_without_an_entry_are_passed_over() -> None:
    assert np.array_equal(small_table().vector("call!s"), small_table().vector("calls"))
    assert np.array_equal(small_table().vector("!phone"), np.zeros(6))


def test_only_whole_words_are_known() -> None:
    table = small_table()
    assert [table.known(word) for word in ("call", "phone", "c", "##s", "calls", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


def test_weights_are_steps_above_the_least_and_absent_words_are_rare() -> None:
    words = ("call", "phone", "c", "absent")
    assert [small_table().weight(word) for word in words] == pytest.approx([0.5, 4.5, 10.7, 10.7])


def test_a_matrix_holds_the_vectors_of_its_words() -> None:
    words = ["exchange", "", "unguessableness", "exchange", "漢字"]
    table = word_vectors.load()
    matrix = table.matrix(words)
    assert matrix.shape == (5, table.dimensions)
    assert matrix.dtype == np.float32
    assert matrix == pytest.approx(np.stack([table.vector(word) for word in words]), abs=1e-6)
    assert table.matrix([]).shape == (0, table.dimensions)


def test_a_shared_vector_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        word_vectors.load().vector("exchange")[0] = 1


@pytest.mark.parametrize("word", ["exchange", "negotiators", "zelenskyy", "киев", "2024"])
def test_vectors_have_unit_length(word: str) -> None:
    assert np.linalg.norm(word_vectors.load().vector(word)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("word", ["", "漢字", "🙂", "ελλάδα"])
def test_what_has_no_entry_is_zeros(word: str) -> None:
    assert not word_vectors.load().vector(word).any()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("call", "phone"),
        ("swap", "exchange"),
        ("captive", "prisoner"),
        ("apologise", "sorry"),
        ("negotiators", "mediators"),
    ],
)
def test_synonyms_are_nearer_than_a_call_is_to_a_banana(one: str, other: str) -> None:
    assert similarity(one, other) > similarity("call", "banana") + 0.25


def test_pieces_carry_some_meaning_of_words_that_no_list_has() -> None:
    assert not word_vectors.load().known("cyberattack")
    assert similarity("cyberattack", "attack") > similarity("cyberattack", "banana") + 0.15


@pytest.mark.parametrize("word", ["kind", "name", "prisoners", "colour", "iran", "iraq", "cafe"])
def test_english_words_and_common_names_are_known(word: str) -> None:
    assert word_vectors.load().known(word)


@pytest.mark.parametrize("word", ["prisnoer", "exchnage", "colur", "##ing", "conf", ""])
def test_slips_and_pieces_are_not_known(word: str) -> None:
    assert not word_vectors.load().known(word)


def test_commoner_words_weigh_less() -> None:
    words = ("of", "because", "exchange", "negotiators")
    weights = [word_vectors.load().weight(word) for word in words]
    assert weights == sorted(set(weights))
    assert weights[0] >= word_vectors.LEAST_WEIGHT
    assert word_vectors.load().weight("negotiators") == word_vectors.load().weight("zelenskyy")


def test_the_table_is_the_one_that_the_notice_credits() -> None:
    recorded = re.search(
        r"vectors\.npz`, SHA-256\s+`([0-9a-f]{64})`", (DATA / "NOTICE.md").read_text("utf-8")
    )
    assert recorded is not None
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == recorded[1]


def test_the_notice_names_the_teacher_that_the_build_accepts() -> None:
    assert files.TEACHER_SHA256 in (DATA / "NOTICE.md").read_text("utf-8")


def test_the_table_stays_small() -> None:
    assert len(TABLE.read_bytes()) < 4_500_000
