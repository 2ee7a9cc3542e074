"""How large the scenarios are: small for everybody, whole with STORYDESK_TEST_FULL=1."""

import os
from typing import Final

FULL: Final = os.environ.get("STORYDESK_TEST_FULL") == "1"


def sized(small: int, full: int) -> int:
    """Return how many of something there are in this run."""
    return full if FULL else small
