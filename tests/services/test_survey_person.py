"""Key 0 at the question after the talk: the caller stands in line again, and the agent goes on with the wrap-up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from asterisk_conf import names
from core.clock import VirtualClock
from core.database import Database
from core.settings import Settings
from cti.agi_line import AgiLine
from cti.agi_session import AgiSession
from cti.line_scripts import LineScripts
from cti.place_on_channel import place_from_variable
from ivr.hours import OpenState, Why
from ivr.hours_now import Hours
from ivr.reception import Reception
from ivr.survey import SurveyRule
from routing.agent_state import AgentState
from routing.live import TAKEN, LiveStore
from routing.place import Place
from routing.policy_file import shipped_policy
from tests.unit.ivr.fake_line import HANG_UP, FakeLine

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CLOCK = VirtualClock(NOW)
ALL = SurveyRule(1.0, 30)
CALL = FakeLine().call
PLACE = Place(CALL.interaction_id, "billing", NOW, CALL.channel, may_record=True)


@pytest.fixture
def store(redis_url: str) -> Iterator[LiveStore]:
    store = LiveStore(redis_url)
    yield store
    store.close()


def after_the_talk(database: Database, store: LiveStore, key: str, hours: Hours | None = None) -> dict[str, str]:
    """The variables of a caller's channel who presses this key at the question."""
    reception = Reception(database, CLOCK, "Asia/Jakarta", Path("/nonexistent"), hours=hours)
    settings = Settings.model_construct(survey_share=1.0, survey_rest_days=30.0, outbound_trunk="")
    told: dict[str, str] = {}
    session = SimpleNamespace(execute=lambda _command, name, value: told.update({name: value}))
    scripts = LineScripts(settings, reception, store, lambda: shipped_policy().policy, CLOCK, lambda event: None)
    scripts.survey(cast(AgiSession, session), cast(AgiLine, FakeLine([key])), PLACE)
    return told


def wrapping_up(store: LiveStore) -> None:
    fields = {"state": AgentState.WRAP_UP.value, "interaction": PLACE.interaction_id, "token": "7"}
    store.set_fields("2001", fields)
    store.redis.hset(TAKEN, PLACE.interaction_id, PLACE.to_json())


def test_they_stand_in_the_same_line_again_and_their_agent_goes_on_with_the_wrap_up(database: Database, store: LiveStore) -> None:
    wrapping_up(store)
    told = after_the_talk(database, store, "0")
    place, taken = store.where(PLACE.interaction_id)
    assert place is not None
    assert taken is None
    assert (place.queue, place.may_record) == ("billing", True)
    assert told[names.HANDED] == names.WAITING
    assert place_from_variable(told[names.PLACE]) == place
    agent = store.agent("2001")
    assert (agent.state, agent.handed_over) == (AgentState.WRAP_UP, PLACE)


def test_so_they_do_when_the_wrap_up_is_over(database: Database, store: LiveStore) -> None:
    after_the_talk(database, store, "0")
    assert store.where(PLACE.interaction_id)[0] is not None


@pytest.mark.parametrize("key", ["4", "9", HANG_UP])
def test_no_other_key_leads_there(database: Database, store: LiveStore, key: str) -> None:
    wrapping_up(store)
    assert after_the_talk(database, store, key) == {}
    assert store.where(PLACE.interaction_id) == (None, PLACE)


def test_while_nobody_is_there_any_more_they_are_told_so_and_stand_in_no_line(database: Database, store: LiveStore) -> None:
    closed = OpenState(False, Why.REGULAR, CLOCK.now().tzinfo, opens_next=CLOCK.now())  # type: ignore[arg-type]
    hours = SimpleNamespace(
        state=lambda _name, _now: closed, schedules=dict, queue_state=lambda _queue, _now: None,
    )  # fmt: skip
    assert after_the_talk(database, store, "0", cast(Hours, hours)) == {}
    assert store.where(PLACE.interaction_id) == (None, None)
