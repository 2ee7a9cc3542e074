"""The sentence model in the package."""

import numpy as np
import pytest

from bot.search.meaning import sentence_model

MODEL = sentence_model.load()


def test_vectors_have_unit_length() -> None:
    vectors = MODEL.vectors(["How long did the call last?", "", "🙂", "x" * 5_000])

    assert vectors.shape == (4, sentence_model.DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_no_text_gives_no_vector() -> None:
    assert MODEL.vectors([]).shape == (0, sentence_model.DIMENSIONS)


def test_a_vector_does_not_depend_on_the_texts_beside_it() -> None:
    texts = ["Is the bridge open?", "When will the power come back?", "Is the bridge open?"]

    together = MODEL.vectors(texts)

    for text, vector in zip(texts, together, strict=True):
        assert MODEL.vectors([text])[0] == pytest.approx(vector, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "same", "other"),
    [
        (
            "How long were they on the phone?",
            "What was the length of the call?",
            "Where was the president during the call?",
        ),
        (
            "do i have to boil it before drinking",
            "Is the tap water safe?",
            "When do the schools open again?",
        ),
        (
            "who is running the place now",
            "Who took over as head of the company?",
            "How much did the company lose?",
        ),
    ],
)
def test_questions_that_ask_the_same_are_nearer_than_others(
    question: str, same: str, other: str
) -> None:
    asked, near, far = MODEL.vectors([question, same, other])

    assert asked @ near > asked @ far + 0.1
