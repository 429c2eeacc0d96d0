"""Time off, offers and swaps on a real database: who may, what the rules say, and what happens when two do it at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest

from core.database import Database
from core.errors import HaloError
from routing.policy_file import shipped_policy
from tests.services.desk_house import NOON
from tests.services.roster_house import ZONE, add_agents, at_once, letters_of, publish_roster
from workforce.ask_errors import (
    AskedAlready,
    AskMoved,
    BothWork,
    NotTheirShift,
    RulesBroken,
    ShiftBegun,
    ShiftMoved,
    TimeOffWrong,
)
from workforce.own_calendar import agent_of, calendar_text, make_address, tell, withdraw_address
from workforce.roster_records import AskState, RosterActivity, ShiftSwap, TimeOffRequest
from workforce.roster_store import published_shifts
from workforce.roster_swaps import (
    Surroundings,
    accept_swap,
    ask_swap,
    decline_swap,
    grant_swap,
    offer_shift,
    refuse_swap,
    take_offer,
    withdraw_swap,
)
from workforce.swap_fit import offers_for, swaps_for, who_could_take
from workforce.time_off import ask_time_off, given_up, grant_time_off, refuse_time_off, withdraw_time_off

MONDAY = date(2026, 3, 2)
POLICY = shipped_policy().policy
HERE = Surroundings(POLICY, ZONE, NOON)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))


def people(database: Database, count: int = 4) -> None:
    add_agents(database, **{f"_{1001 + number}": "billing" for number in range(count)})


def state_of(database: Database, swap_id: int) -> str:
    with database.reading() as session:
        return session.get_one(ShiftSwap, swap_id).state


def letters(database: Database, version: int, agent: str) -> str:
    with database.reading() as session:
        return letters_of(session, version, agent, MONDAY, 5)


def offered(database: Database, agent: str, day: date) -> int:
    with database.writing() as session:
        asked = offer_shift(session, HERE, agent, day)
        session.commit()
        return asked.id


def taken(database: Database, swap_id: int, agent: str) -> str:
    with database.writing() as session:
        state = take_offer(session, HERE, swap_id, agent).state
        session.commit()
        return state


def test_an_offer_is_seen_by_those_who_may_take_it_and_the_planner_decides_unless_rules_say_at_once(database: Database) -> None:
    people(database)
    add_agents(database, _1009="technical")
    version = publish_roster(database, MONDAY, NOON, need=1, _1001="-E", _1002="L-", _1003="--", _1004="-D", _1009="--")
    with database.reading() as session:
        assert who_could_take(session, HERE, "1001", TUESDAY) == ["1003"], "late before, works, or another skill: not the others"
    one = offered(database, "1001", TUESDAY)
    with database.reading() as session:
        seen = {agent: [asked.id for asked, _fit in offers_for(session, HERE, agent)] for agent in ("1001", "1002", "1003", "1009")}
    assert seen == {"1001": [], "1002": [], "1003": [one], "1009": []}
    with database.writing() as session, pytest.raises(AskedAlready):
        offer_shift(session, HERE, "1001", TUESDAY)
    assert taken(database, one, "1003") == AskState.ACCEPTED
    assert letters(database, version, "1001") == "-E---", "until it is decided"
    with database.writing() as session:
        grant_swap(session, HERE, one, "plan", "fine")
        session.commit()
    assert (letters(database, version, "1001"), letters(database, version, "1003")) == ("-----", "-E---")
    with database.reading() as session:
        row = published_shifts(session, TUESDAY, 1, "1003")[0]
        assert [each.kind for each in row.activities] == ["lunch"], "the breaks come with it"
    at_once(database, NOON)
    two = offered(database, "1003", TUESDAY)
    assert taken(database, two, "1001") == AskState.GRANTED
    assert letters(database, version, "1001") == "-E---"


def test_who_takes_an_offer_that_breaks_their_rest_is_refused_and_leaving_somebody_short_is_for_the_planner(
    database: Database,
) -> None:
    people(database, 3)
    add_agents(database, _1009="technical")
    at_once(database, NOON)
    version = publish_roster(database, MONDAY, NOON, need=1, _1001="-E", _1002="L-", _1003="--", _1009="--")
    one = offered(database, "1001", TUESDAY)
    with database.writing() as session, pytest.raises(RulesBroken) as broken:
        take_offer(session, HERE, one, "1002")
    assert {each.rule for each in broken.value.broken} >= {"rest_between_shifts"}
    with database.writing() as session, pytest.raises(NotTheirShift):
        take_offer(session, HERE, one, "1001")
    assert taken(database, one, "1009") == AskState.ACCEPTED, "they don't serve the queue: at once is for the harmless only"
    with database.writing() as session:
        refuse_swap(session, one, NOON, "plan", "billing would be alone")
        session.commit()
    assert letters(database, version, "1001") == "-E---"
    with database.writing() as session, pytest.raises(AskMoved):
        grant_swap(session, HERE, one, "plan")


def test_of_two_who_take_an_offer_at_once_one_has_it(database: Database) -> None:
    people(database)
    at_once(database, NOON)
    version = publish_roster(database, MONDAY, NOON, _1001="-E", _1002="--", _1003="--", _1004="--")
    one, gate = offered(database, "1001", TUESDAY), Barrier(3)

    def take(agent: str) -> str:
        gate.wait()
        try:
            return taken(database, one, agent)
        except HaloError as problem:
            return problem.code

    with ThreadPoolExecutor(3) as pool:
        got = list(pool.map(take, ("1002", "1003", "1004")))
    assert sorted(got) == ["ask_moved", "ask_moved", "granted"]
    assert sum("E" in letters(database, version, agent) for agent in ("1001", "1002", "1003", "1004")) == 1


def test_a_colleague_answers_first_and_both_shifts_move_with_what_else_was_asked_about_them(database: Database) -> None:
    people(database, 3)
    at_once(database, NOON)
    version = publish_roster(database, MONDAY, NOON, _1001="-E--", _1002="---D", _1003="-L--")
    with database.reading() as session:
        assert [(fit.agent, fit.effect.harmless) for fit in swaps_for(session, HERE, "1001", TUESDAY, THURSDAY)] == [("1002", True)]
        assert [fit.agent for fit in swaps_for(session, HERE, "1001", TUESDAY, TUESDAY)] == ["1003"]
        assert swaps_for(session, HERE, "1001", TUESDAY, WEDNESDAY) == []
    with database.writing() as session:
        asked = ask_swap(session, HERE, ("1001", TUESDAY), ("1002", THURSDAY))
        other = offer_shift(session, HERE, "1002", THURSDAY)
        session.commit()
    with database.writing() as session, pytest.raises(NotTheirShift):
        accept_swap(session, HERE, asked.id, "1003")
    with database.writing() as session:
        assert accept_swap(session, HERE, asked.id, "1002").state == AskState.GRANTED
        session.commit()
    assert (letters(database, version, "1001"), letters(database, version, "1002")) == ("---D-", "-E---")
    assert state_of(database, other.id) == AskState.LAPSED
    with database.writing() as session:
        again = ask_swap(session, HERE, ("1002", TUESDAY), ("1003", TUESDAY))
        assert decline_swap(session, again.id, "1003", NOON).state == AskState.DECLINED
        same_day = ask_swap(session, HERE, ("1002", TUESDAY), ("1003", TUESDAY))
        accept_swap(session, HERE, same_day.id, "1003")
        session.commit()
    assert (letters(database, version, "1002"), letters(database, version, "1003")) == ("-L---", "-E---"), "on one day, too"


def test_what_can_not_change_hands(database: Database) -> None:
    people(database, 3)
    publish_roster(database, MONDAY, NOON, _1001="EE", _1002="-E", _1003="--")
    with database.writing() as session, pytest.raises(ShiftBegun):
        offer_shift(session, HERE, "1001", MONDAY)
    with database.writing() as session, pytest.raises(ShiftMoved):
        offer_shift(session, HERE, "1003", TUESDAY)
    one = offered(database, "1001", TUESDAY)
    with database.writing() as session, pytest.raises(BothWork):
        take_offer(session, HERE, one, "1002")
    late = Surroundings(POLICY, ZONE, datetime(2026, 3, 3, 6, 1, tzinfo=ZONE))
    with database.writing() as session, pytest.raises(ShiftBegun):
        take_offer(session, late, one, "1003")
    newer = publish_roster(database, MONDAY, NOON + timedelta(hours=1), _1001="-E", _1002="--", _1003="--")
    with database.writing() as session, pytest.raises(ShiftMoved):
        take_offer(session, HERE, one, "1003")
    with database.writing() as session, pytest.raises(NotTheirShift):
        withdraw_swap(session, one, "1003", NOON)
    with database.writing() as session:
        assert withdraw_swap(session, one, "1001", NOON).state == AskState.WITHDRAWN
        row = published_shifts(session, TUESDAY, 1, "1001")[0]
        assert row.version_id == newer
        row.activities.append(RosterActivity(kind="product", starts_at=row.starts_at, ends_at=row.starts_at + timedelta(hours=1)))
        session.commit()
    with database.writing() as session, pytest.raises(HaloError, match="training"):
        offer_shift(session, HERE, "1001", TUESDAY)


def test_time_off_says_what_is_given_up_and_takes_it_out_when_granted(database: Database) -> None:
    people(database, 2)
    version = publish_roster(database, MONDAY, NOON, need=1, _1001="N-E-N", _1002="-----")
    with database.reading() as session:
        lost = given_up(session, HERE, "1001", TUESDAY, WEDNESDAY)
    assert [one.row.day for one in lost] == [MONDAY, WEDNESDAY], "the night before ends on the first of the days"
    assert [(short.queue, short.start, short.end) for short in lost[1].effect.short] == [
        ("billing", 480, 600),
        ("billing", 660, 720),
    ]
    for first, last in ((MONDAY - timedelta(days=1), MONDAY), (WEDNESDAY, TUESDAY), (TUESDAY, TUESDAY + timedelta(days=62))):
        with database.writing() as session, pytest.raises(TimeOffWrong):
            ask_time_off(session, HERE, "1001", first, last, "")
    with database.writing() as session:
        asked = ask_time_off(session, HERE, "1001", WEDNESDAY, THURSDAY, "wedding")
        session.commit()
    with database.writing() as session, pytest.raises(AskedAlready):
        ask_time_off(session, HERE, "1001", THURSDAY, THURSDAY, "")
    offer = offered(database, "1001", WEDNESDAY)
    with database.writing() as session, pytest.raises(NotTheirShift):
        withdraw_time_off(session, asked.id, "1002", NOON)
    with database.writing() as session:
        _asked, days = grant_time_off(session, HERE, asked.id, "plan", "enjoy")
        session.commit()
    assert days == [WEDNESDAY]
    assert letters(database, version, "1001") == "N---N"
    assert state_of(database, offer) == AskState.LAPSED
    with database.writing() as session, pytest.raises(AskMoved):
        withdraw_time_off(session, asked.id, "1001", NOON)
    with database.writing() as session:
        other = ask_time_off(session, HERE, "1001", TUESDAY, TUESDAY, "")
        refuse_time_off(session, other.id, NOON, "plan", "no one left")
        assert (other.state, other.word) == (AskState.REFUSED, "no one left")
        again = ask_time_off(session, HERE, "1001", TUESDAY, TUESDAY, "")
        withdraw_time_off(session, again.id, "1001", NOON)
        session.commit()
        assert session.get_one(TimeOffRequest, again.id).state == AskState.WITHDRAWN


def test_a_calendar_counts_changes_and_forgets_a_withdrawn_address(database: Database) -> None:
    people(database, 2)
    at_once(database, NOON)
    publish_roster(database, MONDAY, NOON, _1001="-E-", _1002="---")
    with database.writing() as session:
        token = make_address(session, "1001", NOON)
        session.commit()

    def told(now: datetime) -> list[tuple[date, int]]:
        with database.writing() as session:
            assert agent_of(session, token) == "1001"
            found = tell(session, "1001", now, ZONE)
            session.commit()
        text = calendar_text(found, "1001", "Halo", ZONE).decode()
        assert text.count("BEGIN:VEVENT") == len(found)
        return [(one.row.day, one.sequence) for one in found]

    assert told(NOON) == [(TUESDAY, 0)]
    assert told(NOON + timedelta(hours=1)) == [(TUESDAY, 0)], "the same: nothing changed"
    publish_roster(database, MONDAY, NOON + timedelta(hours=2), _1001="-L-", _1002="---")
    assert told(NOON + timedelta(hours=3)) == [(TUESDAY, 1)]
    one = offered(database, "1001", TUESDAY)
    assert taken(database, one, "1002") == AskState.GRANTED
    assert told(NOON + timedelta(hours=4)) == []
    back = offered(database, "1002", TUESDAY)
    taken(database, back, "1001")
    assert told(NOON + timedelta(hours=5)) == [(TUESDAY, 3)], "newer than what calendars saw before it went away"
    with database.writing() as session:
        withdraw_address(session, "1001")
        session.commit()
    with database.reading() as session:
        assert agent_of(session, token) is None
