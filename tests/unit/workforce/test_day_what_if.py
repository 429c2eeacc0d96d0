"""What would be: the same callers with fewer agents, more callers, longer handling."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from core.errors import BadInput
from launch.workforce_day import _shown
from routing.replications import Estimate
from routing.what_if import Measure
from tests.unit.workforce.small_day import MIDNIGHT, POLICY, hour, outlook_of, team_of
from workforce.day_what_if import OtherDay, RestOfDay, group_of, ill_agents, play_rest
from workforce.what_if_work import REST_OF_DAY

TEAM = [*team_of(3, "sales"), *team_of(3, "billing")]
SERVES = {agent.agent_id: frozenset(agent.proficiencies) for agent in TEAM}
OUTLOOKS = {"sales": outlook_of("sales", 9), "billing": outlook_of("billing", 9)}


def played(other: OtherDay) -> RestOfDay:
    return play_rest(POLICY, OUTLOOKS, TEAM, MIDNIGHT, other, SERVES)


def test_nothing_else_changes_nothing() -> None:
    found = played(OtherDay(hour(13)))
    for measures in found.measures.values():
        for one in measures.values():
            assert one.gain is not None
            assert (one.gain.mean, one.gain.half_width) == (0.0, 0.0)
            assert one.planned == one.otherwise
    assert [each.hour for each in found.hours] == [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], "13:00 to midnight in Jakarta"


def test_fewer_agents_more_callers_and_longer_handling_make_it_worse_where_they_are() -> None:
    ill = played(OtherDay(hour(13), ill={"sales": 1}))
    assert len(ill.gone) == 1
    assert all(agent.startswith("sales") for agent in ill.gone)
    gains = {queue: own[Measure.SERVICE_LEVEL].gain for queue, own in ill.measures.items()}
    assert gains["sales"] is not None
    assert gains["sales"].high < 0
    assert gains["billing"] is not None
    assert gains["billing"].mean == 0
    was, then = ill.levels["sales"]
    assert was[1] is not None
    assert then[1] is not None
    assert then[1] < was[1]
    longer = played(OtherDay(hour(13), aht=1.4)).measures["sales"][Measure.MEAN_WAIT_S]
    busier = played(OtherDay(hour(13), volume=1.4)).measures["sales"][Measure.MEAN_WAIT_S]
    assert longer.gain is not None
    assert busier.gain is not None
    assert longer.gain.low > 0
    assert busier.gain.low > 0
    calmer = played(OtherDay(hour(13), volume=0.5)).measures["sales"][Measure.MEAN_WAIT_S]
    assert calmer.gain is not None
    assert calmer.gain.high < 0


def test_callers_whom_nobody_ever_answers_are_counted() -> None:
    patient = {"sales": replace(OUTLOOKS["sales"], patience_s=math.inf), "billing": OUTLOOKS["billing"]}
    found = play_rest(POLICY, patient, TEAM, MIDNIGHT, OtherDay(hour(13), ill={"sales": 3}), SERVES)
    left = found.left["sales"]
    assert left.planned is not None
    assert left.otherwise is not None
    assert left.planned.mean < 0.1
    assert left.otherwise.mean == pytest.approx(1.0), "nobody gives up, and nobody is there"
    assert found.left["billing"].otherwise is not None
    assert found.left["billing"].otherwise.mean < 0.1


def test_the_more_are_ill_the_worse_it_gets() -> None:
    levels = [played(OtherDay(hour(13), ill={"sales": count})).measures["sales"][Measure.SERVICE_LEVEL] for count in (0, 1, 2)]
    means = [one.otherwise.mean for one in levels if one.otherwise is not None]
    assert len(means) == 3
    assert all(more > fewer for more, fewer in pairwise(means))


def test_who_is_ill_was_still_to_work_for_the_queue() -> None:
    duty = {agent.agent_id: agent.on_duty() for agent in TEAM} | {"early": [(6 * 3600.0, 10 * 3600.0)]}
    gone = ill_agents(duty, SERVES | {"early": frozenset({"sales"})}, OtherDay(hour(13), ill={"sales": 3}), 13 * 3600.0)
    assert len(set(gone)) == 3
    assert all(any(to_s > 13 * 3600 for _from_s, to_s in duty[agent]) for agent in gone)
    with pytest.raises(BadInput, match="Only 3 agents of billing"):
        ill_agents(duty, SERVES, OtherDay(hour(13), ill={"billing": 4}), 13 * 3600.0)


def test_who_is_ill_may_be_of_those_who_serve_the_same_queues() -> None:
    duty = {agent.agent_id: agent.on_duty() for agent in TEAM} | {"both": [(0.0, 24 * 3600.0)]}
    serves = SERVES | {"both": frozenset({"sales", "billing"})}
    assert group_of(serves["both"]) == "billing+sales"
    other = OtherDay(hour(13), ill={"sales": 3}, ill_groups={"billing+sales": 1})
    gone = ill_agents(duty, serves, other, 13 * 3600.0)
    assert gone[0] == "both"
    assert sorted(gone[1:]) == [agent for agent in sorted(duty) if agent.startswith("sales")], "nobody is ill twice"
    with pytest.raises(BadInput, match="Only 3 agents of sales"):
        ill_agents(duty, serves, OtherDay(hour(13), ill_groups={"sales": 4}), 13 * 3600.0)


def test_each_day_played_is_told() -> None:
    told: list[tuple[int, int]] = []
    found = play_rest(POLICY, OUTLOOKS, TEAM, MIDNIGHT, OtherDay(hour(13)), SERVES, tell=lambda done, of: told.append((done, of)))
    assert told == [(done, 2 * found.runs) for done in range(1, 2 * found.runs + 1)]


def test_what_came_of_it_is_read_as_it_was_written() -> None:
    found = played(OtherDay(hour(13), ill={"sales": 1}))
    again = REST_OF_DAY.read(REST_OF_DAY.write(found))
    assert (again.measures, again.gone, again.hours, again.left) == (found.measures, found.gone, found.hours, found.left)
    assert {queue: (list(was), list(then)) for queue, (was, then) in found.levels.items()} == again.levels


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadInput, match="Nobody is expected"):
        played(OtherDay(hour(20)))
    with pytest.raises(BadInput, match="Nothing is left"):
        played(OtherDay(hour(25)))
    with pytest.raises(BadInput, match="can't be"):
        OtherDay(hour(13), ill={"sales": -1})
    with pytest.raises(BadInput, match="can't be"):
        OtherDay(hour(13), ill_groups={"sales": -1})


def test_an_interval_of_a_share_lies_within_what_can_be_and_that_of_a_change_as_it_is() -> None:
    assert _shown(Estimate(0.001, 0.002, 10), share=True) == "0.1% (0.0% to 0.3%)"
    assert _shown(Estimate(0.99, 0.02, 10), share=True) == "99.0% (97.0% to 100.0%)"
    assert _shown(Estimate(-0.05, 0.02, 10), share=True, change=True) == "-5.0% (-7.0% to -3.0%)"
    assert _shown(Estimate(3.0, 5.0, 10), share=False) == "3 s (0 to 8)"
