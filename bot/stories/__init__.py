"""Stories as data: the bundled one, and the files that facts are imported from and exported to."""

from importlib.resources import files


def bundled() -> bytes:
    """Return the bundled story as a TOML file."""
    return (files(__name__) / "call.toml").read_bytes()
