"""Takes a change from one step to the next, within the transaction of whoever acts."""

from dataclasses import replace

from bot.errors import DeskError
from bot.services.facts.changes import state, steps
from bot.services.facts.changes.state import Change, Step
from bot.services.rights import Acting
from db.facts import sources
from db.records import ChangeKind, Fact, FactDraft, Status
from db.records.desk import Proposal


async def wished(done: Acting, found: Proposal, fact: Fact, wished: FactDraft) -> Change:
    """Go on with the words known: to the kind, to the source, or to the preview."""
    names = state.changed_names(FactDraft.of(fact), wished)
    found = replace(
        found, draft=wished, notes=state.noted(found, changed=list(names), refused=None)
    )
    kind = state.kind_of(found)
    if not state.is_told(names):
        return await steps.step(done, found, Step.PREVIEW)
    if kind is None:
        return await steps.step(done, found, Step.KIND)
    return await kind_chosen(done, found, fact, kind)


async def kind_chosen(done: Acting, found: Proposal, fact: Fact, kind: ChangeKind) -> Change:
    """Go on with the kind known: to who says so, or to the preview."""
    found = replace(found, notes=state.noted(found, kind=kind, refused=None))
    if kind is ChangeKind.WORDING:
        return await steps.step(done, found, Step.PREVIEW)
    if "source" in found.notes["changed"]:
        return await sourced(done, found, kind, None)
    known = await sources.recent(done.session, limit=state.SOURCES_OFFERED + 1)
    others = [each for each in known if each != fact.source]
    most = state.SOURCES_OFFERED - (fact.source is not None)
    found = replace(found, notes=state.noted(found, sources=others[:most]))
    return await steps.step(done, found, Step.SOURCE)


async def sourced(
    done: Acting, found: Proposal, kind: ChangeKind, source: tuple[str, str | None] | None
) -> Change:
    """Go on to the preview with who says so; None is the same source, or the one in the words."""
    fact, story = await steps.fact_of(done, found), await steps.story_of(done)
    names = list(found.notes["changed"])
    draft = state.sourced(
        steps.draft_of(found),
        fact,
        source,
        kind=kind,
        changed=names,
        at=done.at,
        time_zone=story.time_zone,
    )
    said = ("source", "source_url", "as_of")
    names += [
        each for each in said if each not in names and getattr(draft, each) != getattr(fact, each)
    ]
    notes = state.noted(found, changed=names, sources=None)
    return await steps.step(done, replace(found, draft=draft, notes=notes), Step.PREVIEW)


async def rebased(done: Acting, found: Proposal, fact: Fact) -> Change:
    """Put the change on what stands now, and publish it where its kind still fits."""
    if fact.status is Status.WITHDRAWN:
        before = await steps.stood_as(done.session, fact)
        raise DeskError(
            f"#{fact.id} was withdrawn meanwhile: to stand by it again, "
            f"write /status {fact.id} {before}."
        )
    wished = state.patched(fact, steps.draft_of(found), found.notes["changed"])
    refuse_nothing(fact, wished)
    found = replace(
        found, draft=wished, base_version=fact.version, notes=state.noted(found, theirs=None)
    )
    kind = state.kind_of(found)
    story = await steps.story_of(done)
    if kind is None:
        return await steps.step(done, found, Step.KIND)
    against = state.objections(fact, wished, story.lexicon)
    if kind is ChangeKind.WORDING and against:
        notes = state.noted(found, kind=None, refused=state.listed(against))
        return await steps.step(done, replace(found, notes=notes), Step.KIND)
    return await steps.change(done, found)


def refuse_nothing(fact: Fact, wished: FactDraft) -> None:
    """Raise DeskError where `wished` says what the fact says already."""
    if not state.changed_names(FactDraft.of(fact), wished):
        raise DeskError(f"Nothing changed: #{fact.id} says that already.")
