"""An editor sends an article and goes through it in the chat."""

import pytest

from bot.rehearsal.api.server import RehearsalServer
from bot.rehearsal.world.world import Chat, Message, Person
from bot.views import screens
from bot.views.message import plain
from db.engine import Database
from db.facts import facts
from db.records.desk import Role
from tests import bridge
from tests.handlers.conftest import Start
from tests.handlers.editor.conftest import asked, seated
from tests.handlers.editor.forwarding import forward

ARTICLE = (
    "Mayor Anna Berg said on 19 May 2025 that <b>tolls</b> & fees stay.\n"
    "It is 412 metres long, it is.\n"
    "The Alder rose by two metres on 3 May 2025, Carl Voss reported.\n"
    "It rained for a week, the Weather Office said."
)


async def sent(server: RehearsalServer, person: Person, chat: Chat, text: str = ARTICLE) -> Message:
    await server.send_document(person, chat, "news.md", text.encode())
    return await server.next_message(chat)


async def texts(store: Database) -> list[str]:
    async with store.reading() as session:
        return [fact.text for fact in await facts.all_current(session)][len(bridge.DRAFTS) :]


async def test_sentences_are_taken_and_skipped_by_taps_and_asked_by_a_reply(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    card = await sent(server, owner, desk)
    assert card.text == (
        "news.md, sentence 1 of 4\n\n"
        "Mayor Anna Berg said on 19 May 2025 that <b>tolls</b> & fees stay.\n"
        "Source: Mayor Anna Berg · Said: 2025-05-19\n\n"
        "Reply with the question that it answers, or take it without one."
    )
    assert card.labels == ["Take", "Skip", "Take all 3 with a source", "Stop here"]
    await server.say(owner, desk, "Do tolls stay?", reply_to=card)
    again = await server.next_message(desk)
    assert "Question: Do tolls stay?\nMayor Anna Berg said" in again.text
    assert (await server.press(owner, card, "Take")).text == screens.OLD_BUTTON
    await server.press(owner, again, "Take")
    assert again.text.startswith("news.md, sentence 2 of 4")
    assert "Much like #3: It is 412 metres long." in again.text
    await server.press(owner, again, "Skip")
    await server.press(owner, again, "Take all 2 with a source")
    assert again.text == "news.md is done. 3 facts added (#6 to #8), 1 skipped."
    assert again.labels == []
    assert await texts(store) == [
        "Mayor Anna Berg said on 19 May 2025 that <b>tolls</b> & fees stay.",
        "The Alder rose by two metres on 3 May 2025, Carl Voss reported.",
        "It rained for a week, the Weather Office said.",
    ]
    answer = await asked(server, owner, desk, "answer 6")
    assert "Mayor Anna Berg, 19 May" in answer.text


async def test_an_article_goes_on_after_a_restart(
    server: RehearsalServer, owner: Person, desk: Chat, start: Start
) -> None:
    async with start():
        card = await sent(server, owner, desk)
        await server.press(owner, card, "Skip")
    async with start():
        await server.say(owner, desk, "How long is it?", reply_to=card)
        again = await server.next_message(desk)
        assert again.text.startswith("news.md, sentence 2 of 4\n\nQuestion: How long is it?")
        await server.press(owner, again, "Stop here")
        assert again.text == "news.md is done. 0 facts added, 4 skipped."


async def test_forged_presses_and_the_words_of_others_order_nothing(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    card = await sent(server, owner, desk)
    codes = [button["callback_data"] for button in card.buttons]
    editor = await seated(server, store, "Eve", Role.EDITOR)
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    stranger = server.world.person("Stranger")
    for person in (editor, carl, stranger):
        chat = server.world.private(person)
        carrier = await asked(server, person, chat, "answer 1")
        for code in codes:
            await server.press_data(person, carrier, code)
    for forged in ("2fk:1:2", "2fk:2:1", "2fa:1", "2fe:1:1:1", "2fs:x:1", "2fz:1:1"):
        assert (await server.press_data(owner, card, forged)).text == screens.OLD_BUTTON
    forward(server, owner, desk, "answer 1", reply_to=card)
    assert (await server.next_message(desk)).text.startswith(
        "When was the bridge opened?\nIn 1931."
    )
    forward(server, owner, desk, "news.md", file=ARTICLE.encode())
    assert (await server.next_message(desk)).text == plain(screens.ONLY_TEXT)
    assert card.text.startswith("news.md, sentence 1 of 4")
    assert await texts(store) == []


async def test_strangers_and_contributors_send_articles_in_vain(
    server: RehearsalServer, store: Database
) -> None:
    stranger = server.world.person("Stranger")
    answer = await sent(server, stranger, server.world.private(stranger))
    assert answer.text == plain(screens.ONLY_TEXT)
    carl = await seated(server, store, "Carl", Role.CONTRIBUTOR)
    refused = await sent(server, carl, server.world.private(carl))
    assert refused.text.startswith("Only an editor may do that")
    assert server.calls("getFile") == []


async def test_a_reply_to_something_else_is_a_question_as_ever(
    server: RehearsalServer, owner: Person, desk: Chat, store: Database
) -> None:
    answer = await asked(server, owner, desk, "answer 1")
    await server.say(owner, desk, "answer 2", reply_to=answer)
    assert (await server.next_message(desk)).text.startswith(
        "When was the bridge closed?\nOn 3 May"
    )
    card = await sent(server, owner, desk)
    await server.say(owner, desk, "why " * 200, reply_to=card)
    assert (await server.next_message(desk)).text.startswith("That question has 799 characters")
    refused = await sent(server, owner, desk, "Hm.")
    assert refused.text == "news.md holds no sentence that could be a fact."
    assert await texts(store) == []


async def test_the_longest_sentence_fits_a_message(
    server: RehearsalServer, owner: Person, desk: Chat
) -> None:
    longest = ("It is <&> " * 99).strip() + "."
    card = await sent(server, owner, desk, longest)
    await server.say(owner, desk, "<&> " * 70, reply_to=card)
    again = await server.next_message(desk)
    assert longest in again.text


@pytest.fixture(autouse=True)
def _at_work(request: pytest.FixtureRequest) -> None:
    if "start" not in request.fixturenames or "store" in request.fixturenames:
        request.getfixturevalue("bot")
