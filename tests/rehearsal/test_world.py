"""Who and what there is: the same another time, where a rehearsal goes on."""

from bot.rehearsal.world.world import PEOPLE, Person, World, number_of

NOW = 1_800_000_000.0


def a_world(*, goes_on: bool = True) -> World:
    world = World(Person(id=1, first_name="Storydesk", is_bot=True), now=lambda: NOW)
    if goes_on:
        world.go_on()
    return world


def test_whoever_is_called_so_has_the_same_number_in_whatever_order_they_come() -> None:
    first, second = a_world(), a_world()
    ada, bob = (first.person(name, number=number_of(name)).id for name in ("Ada", "Bob"))
    assert second.person("Bob", number=number_of("Bob")).id == bob
    assert second.person("Ada", number=number_of("Ada")).id == ada
    group = first.group("group", number=number_of("group"))
    assert second.group("group", number=number_of("group")).id == group.id


def test_people_and_groups_of_an_earlier_time_can_be_written_to_before_they_are_named() -> None:
    world = a_world()
    number = number_of("Ada")
    chat = world.met(PEOPLE + number)
    assert chat is not None
    assert chat.person is not None
    assert chat.person.has_started
    ada = world.person("Ada", number=number)
    assert world.private(ada) is chat
    assert ada.first_name == "Ada"
    assert world.met(-number) is not None
    assert world.met(3) is None
    assert a_world(goes_on=False).met(PEOPLE + number) is None


def test_messages_have_higher_numbers_than_those_before() -> None:
    world = a_world()
    chat = world.private(world.person("Ada"))
    assert world.add(chat, None, text="x").id > 1_000_000
