"""What keeps the database from being used: said to the operator in one line, once a minute."""

import logging
import time
from collections.abc import Callable
from typing import Final

from db.errors import StoreFault

logger = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 60.0
"""Between two lines that say the same."""


class StoreFaults:
    """Notes faults of the database as they are met, however often that is."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare; `clock` counts in seconds."""
        self._clock = clock
        self._said: dict[str, float] = {}

    def note(self, error: BaseException | None) -> bool:
        """Log what the operator can mend, unless it was just said; tell whether it is that."""
        if not isinstance(error, StoreFault):
            return False
        sentence, at = str(error), self._clock()
        self._said = {each: said for each, said in self._said.items() if said > at - PAUSE_SECONDS}
        if sentence not in self._said:
            self._said[sentence] = at
            logger.error("%s", sentence)
        return True
