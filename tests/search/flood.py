"""A story as an editor types it in a hurry: a flood, twenty-four facts, one question each."""

from bot.search import Document

_FACTS = (
    ("How many people were hurt?", "14, three of them badly."),
    ("Is line 1 running?", "Yes, every ten minutes."),
    ("Is line 2 running?", "No, closed until Monday."),
    ("Do people on Mill Street have to leave their houses?", "Yes, by six this evening."),
    ("Which schools are open?", "The two on the hill, as usual."),
    ("Which schools are closed?", "All in the lower town, until Thursday."),
    ("Can I rent a car?", "No, all cars are taken."),
    ("Can I rent a bicycle?", "Yes, at the station, for ten euros a day."),
    ("When will the power come back?", "Tomorrow morning."),
    ("Where can I charge my phone?", "At the library, until ten at night."),
    ("Can I drink the tap water?", "Not without boiling it first."),
    ("How can I donate?", "At any savings bank, or blankets at the fire station."),
    ("When did the dam break?", "On 19 May at 4:20 in the morning."),
    ("Why did the dam break?", "Nobody can say yet."),
    ("How high did the river rise?", "To 6.2 metres."),
    ("Where is the shelter?", "In the sports hall on Oak Avenue."),
    ("Can I bring my dog to the shelter?", "Yes, on a lead."),
    ("Who is in charge?", "The fire chief."),
    ("How many houses are under water?", "About 340."),
    ("When does the bridge open again?", "Not before the engineers have looked at it."),
    ("Is the hospital open?", "Yes, but it takes only emergencies."),
    ("How do I report a missing person?", "Call the police."),
    ("Who pays for the damage?", "The state, up to 20,000 euros a house."),
    ("Will it rain again?", "A little on Friday."),
)

_UNKNOWN = ("Why did the dam break?", "When does the bridge open again?")

DOCUMENTS = tuple(
    Document(id=number, question=question, text=text, unknown=question in _UNKNOWN)
    for number, (question, text) in enumerate(_FACTS)
)


def place(question: str) -> int:
    """Return the document that is asked in these very words."""
    return [each[0] for each in _FACTS].index(question)
