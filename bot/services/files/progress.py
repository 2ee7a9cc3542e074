"""How far a long piece of work has come: written by whoever does it, read by whoever shows it."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is being done just now."""

    READING = "reading"
    COMPARING = "comparing"  # with the facts as they stand
    PREPARING = "preparing"  # what readers will ask, built before it is needed
    WRITING = "writing"


@dataclass(slots=True, kw_only=True)
class Progress:
    """Of one piece of work. Threads may write to it: each field is set at once."""

    stage: Stage = Stage.READING
    done: int = 0
    total: int = 0  # 0: nobody can say yet

    def begin(self, stage: Stage, total: int = 0) -> None:
        """Go on to `stage`."""
        self.stage, self.done, self.total = stage, 0, total

    def tell(self, done: int, total: int) -> None:
        """Note that `done` of `total` pieces of this stage are done."""
        self.done, self.total = done, total
