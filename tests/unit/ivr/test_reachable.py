"""Every service can be named in the main menu, in both languages, and is reached by keys too."""

import pytest

from ivr.flow import Choice, MenuText
from ivr.flow_file import shipped_flow
from ivr.services import SERVICES

FLOW = shipped_flow().flow
WISHES = sorted(SERVICES.keys() - {"postcode"})  # a question on the way to a queue is no wish


def reached_by_keys(menu: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The services that keys alone lead to from here, through menus."""
    if menu in seen:
        return set()
    found: set[str] = set()
    for choice in FLOW.menus[menu].choices:
        if choice.key and choice.does:
            found.add(choice.does)
        if choice.key and choice.menu:
            found |= reached_by_keys(choice.menu, seen | {menu})
    return found


def spoken_services(menu: MenuText) -> dict[str, Choice]:
    return {choice.does: choice for choice in menu.choices if choice.does}


@pytest.mark.parametrize("menu", ["main_menu", "closed_menu"])
@pytest.mark.parametrize("service", WISHES)
def test_every_service_has_phrases_in_both_languages_at_the_beginning(service: str, menu: str) -> None:
    choice = spoken_services(FLOW.menus[menu])[service]
    assert choice.phrases["id"]
    assert choice.phrases["en"]


def test_every_service_is_reached_by_keys() -> None:
    assert set(WISHES) - reached_by_keys("main_menu") == {"voicemail"}, "a message has a key while nobody is there"
    assert "voicemail" in reached_by_keys("closed_menu")


def test_the_keys_that_people_know_stay_as_they_are() -> None:
    keys = {choice.key: (choice.does or choice.menu) for choice in FLOW.menus["main_menu"].choices if choice.key}
    assert keys == {"1": "order_status", "2": "bill", "3": "people_menu", "4": "other_menu"}
