"""The sites of a policy and what changes of them in words, in both languages."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import agent_desktop.languages as languages
from agent_desktop.policy_difference_words import difference_words
from agent_desktop.policy_site_words import SITE_PARTS, site_labels, site_value_words, sites_rule_words, sites_words, week_words
from routing.plans import ELSEWHERE
from routing.policy import Policy
from routing.site_form import Point, Site
from tests.unit.routing.small_policy import policy_of, queue_text, site_text, sites_text


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    app = Flask("agent_desktop", root_path=languages.__file__.rsplit("/", 1)[0])
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


JKT, SBY = site_text("jkt", "Jakarta"), site_text("sby", "Surabaya")
A = queue_text("a")


def policy(*sites: str, rule: str = "") -> Policy:
    return policy_of(queue_text("a", f"sites: {rule}") if rule else A, more=sites_text(*sites))


def told(before: Policy, after: Policy) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (group.title, group.kind, [(line.part, line.before, line.after) for line in group.lines])
        for group in difference_words(before, after)
    ]


def test_every_part_of_a_site_has_a_name() -> None:
    assert set(Site.model_fields) == set(SITE_PARTS)


@pytest.mark.parametrize(("hours", "english", "indonesian"), [
    ("always", "always", "selalu"), ("{daily: closed}", "never", "tidak pernah"),
    ("{mon-fri: 07:00-21:00, sat-sun: 08:00-18:00}", "Mon–Fri 07:00–21:00; Sat–Sun 08:00–18:00",
     "Sen–Jum 07:00–21:00; Sab–Min 08:00–18:00"),
    ("{mon: 22:00-06:00, wed: [08:00-12:00, 13:00-24:00]}", "Mon 22:00–06:00; Wed 08:00–12:00, 13:00–24:00",
     "Sen 22:00–06:00; Rab 08:00–12:00, 13:00–24:00"),
])  # fmt: skip
def test_hours_are_told_by_days_that_are_alike(hours: str, english: str, indonesian: str) -> None:
    week = policy(site_text("jkt", "Jakarta", f"hours: {hours}")).sites[0].hours
    assert week_words(week) == english
    with force_locale("id"):
        assert week_words(week) == indonesian


def test_a_place_is_told_by_its_name_else_by_degrees() -> None:
    assert site_value_words("where", policy(SBY).sites[0].where) == "Surabaya"
    assert site_value_words("where", Point(latitude=-1.25, longitude=-40.5)) == "1.25° S, 40.5° W"
    with force_locale("id"):
        assert site_value_words("where", Point(latitude=1.25, longitude=40.5)) == "1,25° LU, 40,5° BT"


@pytest.mark.parametrize(("rule", "words"), [
    ("{near_km: 0, widen: [{after_s: 20, km: 900}], any_after_s: 60}",
     ["at first the nearest open site", "from 0:20 on: all within 900 km", "from 1:00 on: every open site"]),
    ("{near_km: 1500, any_after_s: 90}",
     ["at first the nearest open site and all within 1,500 km", "from 1:30 on: every open site"]),
    ("{share: {jkt: 60, sby: 40}, any_after_s: 60}", ["shared out by weight: jkt 60, sby 40", "from 1:00 on: every open site"]),
])  # fmt: skip
def test_how_a_queue_uses_sites_is_told_step_by_step(rule: str, words: list[str]) -> None:
    found = policy(JKT, SBY, rule=rule)
    assert sites_rule_words(found.queue("a").sites, site_labels(found)) == words
    assert sites_rule_words(None, site_labels(found)) == []
    assert told(policy(JKT, SBY), found) == [("a", "changed", [("Sites", "", each) for each in words])]


def test_only_the_steps_that_differ_are_told_and_the_phone_that_is_called_first() -> None:
    before = policy(JKT, rule="{near_km: 0, any_after_s: 60}")
    after = policy(JKT, rule="{near_km: 0, any_after_s: 90}, callback: {first: customer}")
    assert told(before, after) == [("a", "changed", [
        ("Sites", "from 1:00 on: every open site", ""), ("Sites", "", "from 1:30 on: every open site"),
        ("Call-backs", "the agent's phone is called first, then the customer's",
         "the customer's phone is called first, then an agent's"),
    ])]  # fmt: skip


def test_what_changes_of_a_site_is_told_with_what_it_was() -> None:
    more = "hours: {mon-fri: 08:00-17:00}, capacity: 4, cost: 1.25, load: 0.9, languages: [en], when_closed: take"
    assert told(policy(JKT), policy(site_text("jkt", "Surabaya", more))) == [("Site jkt", "changed", [
        ("Place", "Jakarta", "Surabaya"), ("Opening hours", "always", "Mon–Fri 08:00–17:00"), ("Languages", "all", "English"),
        ("Calls at once", "any number", "4"), ("Cost", "0", "1.25"),
        ("Load", "no limit", "with more than 90% of its agents busy, nobody waits for it alone"),
        ("Outside its hours", "no calls", "who is still there gets calls"),
    ])]  # fmt: skip
    assert told(policy(JKT), policy(JKT.replace("Asia/Jakarta", "Asia/Jayapura"))) == [
        ("Site jkt", "changed", [("Time zone", "Asia/Jakarta", "Asia/Jayapura")])
    ]


def test_a_site_that_is_new_is_told_with_what_is_said_of_it_and_one_that_is_gone_by_its_name() -> None:
    new = site_text("mks", "Makassar", "hours: always, capacity: 2")
    [first, second] = difference_words(policy(SBY), policy(new))
    assert [(group.title, group.kind, group.what) for group in (first, second)] == [
        ("Site mks", "new", "site"), ("Site sby", "gone", "site"),
    ]  # fmt: skip
    assert [(line.part, line.after) for line in first.lines] == [
        ("Place", "Makassar"), ("Time zone", "Asia/Makassar"), ("Opening hours", "always"), ("Calls at once", "2"),
    ]  # fmt: skip
    assert second.lines == ()
    assert told(policy(JKT, SBY), policy(SBY, JKT)) == [
        ("The whole policy", "changed", [("Order of the sites", "jkt, sby", "sby, jkt")])
    ]


def test_all_sites_are_one_word() -> None:
    found = policy(JKT, SBY)
    site_of = site_labels(found)
    assert sites_words(["sby"], found, site_of) == "sby"
    assert sites_words(["sby", "jkt", ELSEWHERE], found, site_of) == "every site, no site"
