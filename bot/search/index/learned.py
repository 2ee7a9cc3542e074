"""What is learned from the texts of a story, as it is kept beside them.

It is derived from the texts alone: whoever lost it learns it again. It fits where its stamp does:
the same program, word vectors and lexicon. The texts may differ, since each is recognised by a mark
of its own.
"""

import functools
import hashlib
import importlib.resources
import io
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Final

import numpy as np
import Stemmer
from numpy.typing import NDArray

from bot.search.index.wording import Floats, Places, Wordings
from bot.search.language.lexicon import StoryLexicon
from bot.search.meaning import word_vectors

_MODULES: Final = ("index", "language", "meaning")
_DATA: Final = ("english.toml", "vectors.npz")


@dataclass(frozen=True, eq=False, kw_only=True)
class Learned:
    """A regression from texts to facts, solved. Immutable."""

    documents: Places  # the ids of the facts, as the rows of the solution
    owners: Places  # the place of each text's fact among them, ascending
    marks: NDArray[np.uint64]  # of the texts
    importance: Floats  # of the texts
    wordings: Wordings
    solution: Floats  # (facts, texts)

    def __len__(self) -> int:
        """Return how many texts it was learned from."""
        return len(self.marks)

    @functools.cached_property
    def starts(self) -> Places:
        """Return where the texts of each fact begin."""
        starts: Places = np.searchsorted(self.owners, np.arange(len(self.documents)))
        return starts

    def packed(self) -> bytes:
        """Return all of it as bytes, some 5 MB for 7,000 texts. CPU work, half a second."""
        file = io.BytesIO()
        own = {name: getattr(self, name) for name in ("documents", "owners", "marks", "importance")}
        kept = {f"wordings_{name}": array for name, array in self.wordings.kept().items()}
        solution = self.solution.astype(np.float16)
        np.savez_compressed(file, allow_pickle=False, **own, **kept, solution=solution)
        return file.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Learned | None":
        """Return what was `packed` under the same stamp; None where the bytes are damaged."""
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            kept = {name.removeprefix("wordings_"): array for name, array in arrays.items()}
            return cls(
                **{name: arrays[name] for name in ("documents", "owners", "marks", "importance")},
                wordings=Wordings.restored(kept, word_vectors.load()),
                solution=arrays["solution"].astype(np.float32),
            )
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            return None


def stamp(lexicon: StoryLexicon) -> str:
    """Return what must be the same for numbers learned before to be used again."""
    return hashlib.blake2b(_program() + repr(lexicon).encode(), digest_size=16).hexdigest()


@functools.cache
def _program() -> bytes:
    """Return a digest of all that makes wordings and likeness, other than the texts."""
    digest = hashlib.blake2b()
    package = importlib.resources.files("bot.search")
    for name in _MODULES:
        for entry in sorted(package.joinpath(name).iterdir(), key=lambda each: each.name):
            if entry.name.endswith(".py"):
                digest.update(entry.read_bytes())
    for name in _DATA:
        digest.update(package.joinpath("data", name).read_bytes())
    around = (sys.version_info[:2], unicodedata.unidata_version, Stemmer.version())
    digest.update(repr(around).encode())
    return digest.digest()
