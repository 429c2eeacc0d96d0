"""The sites of a policy as cards: open or not by their own clock, and who is there."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import agent_desktop.languages as languages
from agent_desktop.policy_site_picture import SiteCard, draw_sites
from tests.unit.routing.small_policy import floor, policy_of, queue_text, site_text, sites_text

MONDAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday 06:30 in Jakarta, 07:30 in Makassar


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    app = Flask("agent_desktop", root_path=languages.__file__.rsplit("/", 1)[0])
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def card(where: str, more: str, now: datetime = MONDAY, language: str = "en") -> SiteCard:
    policy = policy_of(queue_text("a"), more=sites_text(site_text("one", where, more)))
    return draw_sites(policy, {}, frozenset(), now, language).cards[0]


def test_a_site_opens_and_closes_by_its_own_clock() -> None:
    hours = "hours: {mon-fri: 07:00-19:00}"
    jakarta, makassar = card("Jakarta", hours), card("Makassar", hours)
    assert (jakarta.is_open, jakarta.change, jakarta.time, jakarta.zone) == (False, "opens 07:00", "06:30", "Jakarta")
    assert (makassar.is_open, makassar.change, makassar.time, makassar.zone) == (True, "until 19:00", "07:30", "Makassar")
    assert card("Jakarta", hours, datetime(2026, 3, 6, 13, 0, tzinfo=UTC)).change == "opens Mon 9 Mar 07:00"
    with force_locale("id"):
        assert card("Jakarta", hours, language="id").change == "buka 07:00"


def test_one_that_never_changes_says_so() -> None:
    always, never = card("Jakarta", "hours: always"), card("Jakarta", "hours: {daily: closed}")
    assert (always.is_open, always.change) == (True, "around the clock")
    assert (never.is_open, never.change, never.takes_calls) == (False, "closed for ever", False)


def test_who_is_still_there_may_get_calls_when_it_is_closed() -> None:
    found = card("Jakarta", "hours: {mon: 08:00-09:00}, when_closed: take")
    assert (found.is_open, found.takes_calls) == (False, True)


def test_agents_count_where_the_engine_takes_them_to_be() -> None:
    policy = policy_of(queue_text("a"), more=sites_text(site_text("jkt", "Jakarta"), site_text("sby", "Surabaya")))
    where = {"one": "jkt", "two": "jkt", "three": "bandung"}
    found = draw_sites(policy, floor(where, one={}, two={}, three={}, four={}), frozenset({"two", "four", "gone"}), MONDAY, "en")
    assert [(each.site.name, each.agents, each.here) for each in found.cards] == [("jkt", 2, 1), ("sby", 0, 0)]
    assert (found.elsewhere, found.elsewhere_here) == (2, 1)
    assert draw_sites(policy_of(queue_text("a")), floor(one={}), frozenset(), MONDAY, "en").cards == ()
