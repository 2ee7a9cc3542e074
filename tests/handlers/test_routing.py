"""Every button reaches the handler that knows it."""

import ast
import inspect
import sys
from collections import Counter

from bot.views.presses import Choose, Other, Press, Show, ShowOverview, encode, kinds
from handlers import editor, reader, subscriber, waiting_readers
from handlers.routing import PressHandler

ROUTES = [
    route
    for route in (*editor.ROUTES, *subscriber.ROUTES, *waiting_readers.ROUTES)
    if isinstance(route, PressHandler)
]
OF_ANSWERS: set[type[Press]] = {Choose, Other, Show, ShowOverview}
"""What `reader.pressed` knows, which takes all that no other handler takes."""

ALONE = {"AllChanges"}
"""Kinds that are all that a handler takes: it matches on none."""


def matched(module: str) -> set[str]:
    """Return the names of the classes that a module matches on, or has a move for."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    patterns = [each.cls for each in ast.walk(tree) if isinstance(each, ast.MatchClass)]
    looked_at = [
        each.args[1]
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "isinstance"
    ]
    moves = [
        key for each in ast.walk(tree) if isinstance(each, ast.Dict) for key in each.keys if key
    ]
    return {ast.unparse(each).rpartition(".")[2] for each in (*patterns, *looked_at, *moves)}


def test_every_kind_of_press_has_one_handler() -> None:
    routed = Counter(kind for route in ROUTES for kind in route.kinds)
    assert set(routed) | OF_ANSWERS == set(kinds())
    assert not set(routed) & OF_ANSWERS
    assert set(routed.values()) == {1}


def test_every_handler_matches_on_what_it_is_given() -> None:
    for route in ROUTES:
        given = {kind.__name__ for kind in route.kinds}
        assert given - ALONE <= matched(route.callback.__module__), route.callback
    assert {kind.__name__ for kind in OF_ANSWERS} <= matched(reader.__name__)


def test_a_handler_takes_its_own_presses_forged_ones_too() -> None:
    (route,) = (each for each in ROUTES if each.callback is waiting_readers.pressed)
    assert callable(route.pattern)
    for kind in route.kinds:
        assert route.pattern(f"{kind.code}:1:x")
    assert not route.pattern(encode(ShowOverview()))
    assert not route.pattern(object())
