"""What the index found for one question, before it is ranked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search.evidence.columns import Evidence, Weights
from bot.search.index.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best documents for one question, with the evidence for each."""

    query: Query
    weights: Weights
    places: NDArray[np.int64]
    evidence: Evidence
