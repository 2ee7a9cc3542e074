"""Dialogues with editors: states, moves between them, and what is taken in each state.

A dialogue is a class whose body is its declaration. A move is a `Start`, which begins it, a
`Button`, which works once and only at the turn that it was shown at, or what is `Typed` in a state.
Each says from where to where it leads, in which role and under which action; what it does is a
function of the `Turn`. Whatever a button of another turn, or of another person, is pressed for, the
outcome is one: None, and nothing changed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any, ClassVar, Concatenate, Final, Generic, ParamSpec, Self, TypeVar, overload

from bot.clock import Clock, now
from bot.errors import DeskError
from bot.services.answers.index_cache import IndexCache, Snapshot
from bot.services.dialogues import notes
from bot.services.dialogues.turns import Note, Opening, Parts, State, Turn
from bot.services.rights import Acting, Actor, acting
from db.desk import cards, proposals
from db.engine import Database, Session
from db.records import ChatKind
from db.records.desk import Card, CardKind, Proposal, ProposalKind, ProposalState, Role

P = ParamSpec("P")
R = TypeVar("R")

OPEN: Final = (ProposalState.OPEN,)


class Listens(Enum):
    """What is taken of what an editor types while a dialogue is in a state."""

    REPLIES = auto()  # only replies to the message that shows it
    FITTING = auto()  # plain words too, where they fit
    OFFERED = auto()  # any plain words, though they were not asked for
    ASKED = auto()  # plain words were asked for
    A_QUESTION = auto()  # a question was asked for


@dataclass(frozen=True, slots=True)
class Move:
    """The rules of a move."""

    action: str  # what the records call it
    _: KW_ONLY
    at: Collection[Any] = ()  # states that it leads from
    to: Collection[Any] = ()  # states that it may lead to
    ends: Collection[ProposalState] = ()  # how it may end the dialogue
    role: Role | None = None  # None: the role of the dialogue
    of: Collection[ProposalState] = OPEN
    by_desk: bool = False  # any editor may, with a draft that was handed in
    any_turn: bool = False  # it works at whatever turn its button was shown
    kind: ProposalKind | None = None  # None: the first kind of the dialogue


@dataclass(frozen=True, slots=True)
class Typed(Generic[State, Note, R]):
    """What is typed in a state: what is taken, what it does, and where that leads."""

    at: State
    listens: Listens
    do: Callable[[Turn[State, Note], str], Awaitable[R | None]]
    to: Collection[State]


class Start(Generic[State, Note, P, R]):
    """A command or a button that begins a dialogue."""

    def __init__(
        self, do: Callable[Concatenate[Opening[State, Note], P], Awaitable[R]], move: Move
    ) -> None:
        """Let `do` make the move by its rules."""
        self.do = do
        self.move = move

    @overload
    def __get__(self, dialogue: None, owner: type) -> Self: ...

    @overload
    def __get__(
        self, dialogue: "Dialogue[Any]", owner: type
    ) -> Callable[Concatenate[Actor, P], Awaitable[R]]: ...

    def __get__(self, dialogue: "Dialogue[Any] | None", owner: type) -> Any:
        """Return what begins the dialogue for an actor."""
        if dialogue is None:
            return self

        async def begin(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            async with dialogue.parts(actor, self.move) as parts:
                kind = self.move.kind or dialogue.kinds[0]
                opening: Opening[State, Note] = Opening(parts=parts, kind=kind, to=self.move.to)
                return await self.do(opening, *args, **kwargs)

        return begin


class Button(Generic[State, Note, P, R]):
    """A button of a turn: it works once, and only for whom it was shown to."""

    def __init__(
        self, do: Callable[Concatenate[Turn[State, Note], P], Awaitable[R]], move: Move
    ) -> None:
        """Let `do` make the move by its rules."""
        self.do = do
        self.move = move

    @overload
    def __get__(self, dialogue: None, owner: type) -> Self: ...

    @overload
    def __get__(
        self, dialogue: "Dialogue[Any]", owner: type
    ) -> Callable[Concatenate[Actor, int, int, P], Awaitable[R | None]]: ...

    def __get__(self, dialogue: "Dialogue[Any] | None", owner: type) -> Any:
        """Return what makes the move for an actor, from a proposal at a turn."""
        if dialogue is None:
            return self

        async def press(
            actor: Actor, proposal_id: int, turn: int, *args: P.args, **kwargs: P.kwargs
        ) -> R | None:
            async with dialogue.parts(actor, self.move) as parts:
                found = await _pressed(dialogue, parts.act, self.move, proposal_id, turn)
                if found is None:
                    return None
                return await self.do(dialogue.turn(parts, found, self.move), *args, **kwargs)

        return press


class Dialogue(Generic[R]):
    """A dialogue with an editor; `R` is what is shown of it. Each move is one unit of work.

    Moves raise NotAllowed for whoever may not, and DeskError for what cannot be understood or
    done: nothing has changed then.
    """

    kinds: ClassVar[tuple[ProposalKind, ...]]
    states: ClassVar[type[StrEnum]]
    note: ClassVar[type[Any]]
    words: ClassVar[tuple[Typed[Any, Any, Any], ...]] = ()
    said: ClassVar[Move]
    """The rules of what is typed."""

    role: ClassVar[Role] = Role.EDITOR
    patience: ClassVar[timedelta] = timedelta(hours=1)
    """For how long plain words are taken; later only replies are."""

    in_groups: ClassVar[bool] = False  # whether plain words are taken in groups as well
    while_closed: ClassVar[bool] = False  # whether it goes on while the story is closed
    reads_index: ClassVar[bool] = False
    is_shared: ClassVar[bool] = False  # any editor may begin the same: another's button is no harm

    def __init__(
        self,
        database: Database,
        cache: IndexCache | None = None,
        *,
        at_once: bool = True,
        clock: Clock = now,
    ) -> None:
        """Keep its proposals in `database`; `at_once`: readers' words count before a look."""
        self._database = database
        self._cache = cache
        self._at_once = at_once
        self._clock = clock

    def __init_subclass__(cls) -> None:
        """Let the proposals of a new dialogue be known as its own."""
        _DIALOGUES.append(cls)

    @classmethod
    def owns(cls, proposal: Proposal) -> bool:
        """Return whether a proposal is one of this dialogue."""
        return proposal.kind in cls.kinds and proposal.step in tuple(cls.states)

    @classmethod
    def listens(cls, proposal: Proposal) -> Listens | None:
        """Return what is taken of what is typed now; None: a tap is waited for."""
        typed = cls.typed(proposal)
        return None if typed is None else typed.listens

    @classmethod
    def typed(cls, proposal: Proposal) -> Typed[Any, Any, Any] | None:
        """Return what is declared of what is typed in a proposal's state."""
        return next((each for each in cls.words if each.at == proposal.step), None)

    @classmethod
    def fits(cls, proposal: Proposal, words: str) -> bool:  # noqa: ARG003 - for dialogues that ask
        """Return whether plain words can be what is waited for."""
        return True

    @classmethod
    def is_unanswered(cls, proposal: Proposal) -> bool:
        """Return whether nothing was given yet, so that nothing is lost with it."""
        return proposal.draft is None

    @classmethod
    async def name_of(cls, session: Session, proposal: Proposal) -> str:  # noqa: ARG003 - as above
        """Return what a proposal is called; "" where its kind and fact say enough."""
        return ""

    @classmethod
    async def let_go(cls, turn: Turn[Any, Any]) -> object:
        """Drop what /cancel drops."""
        return await turn.let_go()

    async def say(self, actor: Actor, words: str, reply_to: int | None = None) -> R | None:
        """Return what follows from what was typed; None if it is not for this dialogue."""
        async with self._database.reading() as session:
            found = await meant(session, actor, words, reply_to, at=self._clock())
        if found is None or not self.owns(found):
            return None
        async with self.parts(actor, self.said) as parts:
            again = await proposals.by_id(parts.act.session, found.id)
            if again is None or again.turn != found.turn or again.state not in OPEN:
                return None
            typed = self.typed(again)
            assert typed is not None  # noqa: S101 - `meant` returns none that waits for a tap
            rules = Move(self.said.action, to=typed.to)
            result: R | None = await typed.do(self.turn(parts, again, rules), words)
            return result

    async def press(
        self,
        button: Button[Any, Any, ..., R],
        actor: Actor,
        proposal_id: int,
        turn: int,
        *values: Any,
    ) -> R | None:
        """Make the move of a button that was declared of this dialogue."""
        return await button.__get__(self, type(self))(actor, proposal_id, turn, *values)

    async def shown(self, proposal: Proposal, *, chat_id: int, message_id: int) -> None:
        """Note which message shows a proposal, and what a reply to it is about."""
        async with self._database.writing() as session:
            found = await proposals.by_id(session, proposal.id)
            if found is not None:
                await _keep_card(session, found, chat_id, message_id)

    async def indexed(self) -> Snapshot:
        """Return the story as last committed, once questions are answered from it."""
        assert self._cache is not None  # noqa: S101 - given to the dialogues that read the index
        return await self._cache.current()

    @asynccontextmanager
    async def parts(self, actor: Actor, move: Move) -> AsyncIterator[Parts]:
        """Give what a move works with, in a transaction of its own."""
        index = await self.indexed() if self.reads_index else None  # before the writer is held
        async with acting(
            self._database,
            actor,
            move.role or self.role,
            move.action,
            at=self._clock(),
            while_closed=self.while_closed,
        ) as act:
            yield Parts(act=act, at_once=self._at_once, index=index)

    @classmethod
    def turn(cls, parts: Parts, proposal: Proposal, move: Move) -> Turn[Any, Any]:
        """Return the turn of a proposal at which a move is made."""
        return Turn(
            parts=parts,
            proposal=proposal,
            state=cls.states(proposal.step),
            note=notes.read(cls.note, proposal.notes),
            to=move.to,
            ends=move.ends,
        )


_CANCEL: Final = Move("proposal.drop", ends=(ProposalState.DROPPED,))

_DIALOGUES: Final[list[type[Dialogue[Any]]]] = []


def of(proposal: Proposal) -> type[Dialogue[Any]] | None:
    """Return the dialogue that a proposal is of; None for what is no dialogue."""
    return next((each for each in _DIALOGUES if each.owns(proposal)), None)


async def cancel(parts: Parts, proposal: Proposal) -> None:
    """Drop a proposal, of whatever dialogue."""
    part = of(proposal)
    if part is None:  # of a version that is no more
        await proposals.advance(
            parts.act.session, proposal, at=parts.act.at, state=ProposalState.DROPPED
        )
    else:
        await part.let_go(part.turn(parts, proposal, _CANCEL))


def listens(proposal: Proposal) -> Listens | None:
    """Return what is taken of what is typed for a proposal; None: a tap is waited for."""
    dialogue = of(proposal)
    return None if dialogue is None else dialogue.listens(proposal)


def awaits_words(proposal: Proposal) -> bool:
    """Return whether plain words are for a proposal, whatever they are, paused or not."""
    return listens(proposal) in (Listens.OFFERED, Listens.ASKED, Listens.A_QUESTION)


async def listening(session: Session, actor: Actor, *, at: datetime) -> Proposal | None:
    """Return the proposal that takes the actor's plain words here.

    That is what they last touched, unless it is paused, waits for a tap, or has waited too long.
    """
    place = actor.place
    mine = await proposals.open_of(session, place.chat_id, actor.person_id)
    newest = next((each for each in mine if not proposals.paused(each)), None)
    dialogue = None if newest is None else of(newest)
    if newest is None or dialogue is None:
        return None
    hears = place.kind is ChatKind.PRIVATE or dialogue.in_groups
    fresh = at - newest.touched_at <= dialogue.patience and newest.thread_id == place.thread_id
    by_reply_alone = dialogue.listens(newest) in (None, Listens.REPLIES)
    return newest if hears and fresh and not by_reply_alone else None


async def meant(
    session: Session, actor: Actor, words: str, reply_to: int | None, *, at: datetime
) -> Proposal | None:
    """Return the proposal that words are for: the one replied to, or the one that listens.

    Plain words that end as a question does are one, unless a question was asked for.

    Raises:
        DeskError: they reply to what somebody else is at, or to what waits for a tap.
    """
    card = None
    if reply_to is not None:
        card = await cards.by_message(session, actor.place.chat_id, reply_to)
    if card is not None:
        return await _replied(session, actor, card)
    found = await listening(session, actor, at=at)
    dialogue = None if found is None else of(found)
    if found is None or dialogue is None or (reply_to is not None and not dialogue.in_groups):
        return None
    questions = dialogue.listens(found) is Listens.A_QUESTION
    is_question = words.rstrip().endswith("?") and not questions
    return None if is_question or not dialogue.fits(found, words) else found


async def _replied(session: Session, actor: Actor, card: Card) -> Proposal | None:
    found = None
    if card.kind is CardKind.PROPOSAL:
        found = await proposals.by_id(session, card.about)
    dialogue = None if found is None else of(found)
    if found is None or found.state not in OPEN or dialogue is None:
        return None
    if found.editor != actor.person_id:
        instead = "" if found.fact_id is None else " Reply to the fact's card instead."
        raise DeskError(f"That is somebody else's to decide.{instead}")
    if dialogue.listens(found) is None:
        raise DeskError("Nothing changed: that waits for a tap, not for words.")
    return found


async def _pressed(
    dialogue: Dialogue[Any], act: Acting, move: Move, proposal_id: int, turn: int
) -> Proposal | None:
    """Return the proposal of a button, if it is of this turn and the actor may press it.

    A button of what somebody else is at is recorded as refused, where they alone may do it.
    """
    found = await proposals.by_id(act.session, proposal_id)
    if found is None or not dialogue.owns(found):
        return None
    if not _is_theirs(move, found, act.actor, act.role):
        if found.state in move.of and not dialogue.is_shared:  # else it is merely late
            await act.refuse()
        return None
    return found if works(move, found, turn) else None


def works(move: Move, proposal: Proposal, turn: int) -> bool:
    """Return whether a button that was shown at `turn` makes its move."""
    is_of_turn = move.any_turn or proposal.turn == turn
    return is_of_turn and proposal.state in move.of and proposal.step in move.at


def _is_theirs(move: Move, proposal: Proposal, actor: Actor, role: Role) -> bool:
    if move.by_desk and proposal.state is ProposalState.SUBMITTED:
        return proposal.editor == actor.person_id or role.covers(Role.EDITOR)
    return (proposal.editor, proposal.chat_id) == (actor.person_id, actor.place.chat_id)


async def _keep_card(session: Session, proposal: Proposal, chat_id: int, message_id: int) -> None:
    kind, about = CardKind.PROPOSAL, proposal.id
    if proposal.state is not ProposalState.OPEN and proposal.fact_id is not None:
        kind, about = CardKind.FACT, proposal.fact_id  # what is published is a fact
    await cards.put(session, Card(chat_id=chat_id, message_id=message_id, kind=kind, about=about))
    if chat_id == proposal.chat_id:
        await proposals.shown(session, proposal.id, message_id)
