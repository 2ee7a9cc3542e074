"""Buttons of dialogues: which move of its dialogue each press makes."""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

from bot.services.dialogues.dialogue import Button, Dialogue
from bot.services.rights import Actor
from bot.views.presses import Press, values

Shown = TypeVar("Shown")

Moves: TypeAlias = Mapping[type[Press], Button[Any, Any, ..., Any]]
"""Moves by the presses that make them; a press holds the proposal, its turn, and what is chosen."""


async def make(
    moves: Moves, dialogue: Dialogue[Shown], actor: Actor, pressed: Press | None
) -> Shown | None:
    """Make the move of a press and return what follows.

    None for a press that makes none of them, and for a button that is out of date or was shown to
    somebody else.
    """
    button = None if pressed is None else moves.get(type(pressed))
    if pressed is None or button is None:
        return None
    proposal_id, turn, *chosen = values(pressed)
    return await dialogue.press(button, actor, proposal_id, turn, *chosen)
