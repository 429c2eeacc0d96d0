"""A simulated day, call by call."""

import dataclasses
from functools import partial
from random import Random

import numpy as np
import pytest

from routing.balance import Balance, Choice
from routing.demand import ENDLESS, Always, Exponential, Given, Lognormal, Poisson, Retrials, Stream, draw_calls
from routing.needs import NOTHING, Skill, all_of
from routing.plans import Circle, Plan, Ring
from routing.replications import compare, estimate
from routing.shifts import RosteredAgent, Shift
from routing.simulate import simulate
from routing.simulated_day import CallRecord, Outcome, SimulatedDay
from routing.student_t import t_factor
from tests.unit.routing.simulated_floors import ANYBODY, alike, steady

SALES = Plan((Ring(0, (Circle(Skill("sales", 3)),)), Ring(1, (Circle(Skill("sales")),)), Ring(3, (Circle(NOTHING),))))
BUSY = (
    Stream("sales", SALES, steady(2, 100), Lognormal(2, 1.2), Exponential(3), 4, Retrials(0.5, Exponential(2))),
    Stream("other", ANYBODY, steady(2, 100), Exponential(1), Lognormal(2, 0.5), room=6),
)


def mixed() -> list[RosteredAgent]:
    shifts = (Shift(0, 60, ((20, 30),)), Shift(80, 120))
    return [RosteredAgent(f"a{number}", {"sales": number % 6} if number % 6 else {}, shifts=shifts) for number in range(8)]


def given(name: str, comes_s: list[float], handling_s: list[float], **more: object) -> Stream:
    return dataclasses.replace(Stream(name, ANYBODY, Given(comes_s), Given(handling_s)), **more)


def records(day: SimulatedDay) -> list[CallRecord]:
    return list(day.records())


def test_the_same_seed_gives_the_same_day_to_the_letter_and_another_one_another() -> None:
    agents = mixed()
    day = records(simulate(agents, BUSY, 11))
    assert {record.outcome for record in day} == set(Outcome) - {Outcome.IN_LINE}
    assert any(record.again for record in day)
    Random(1).shuffle(agents)
    assert records(simulate(agents, BUSY, 11)) == day
    assert records(simulate(agents, BUSY[::-1], 11)) != records(simulate(agents, BUSY, 12)) != day
    assert records(simulate(agents, BUSY, 11, replication=1)) != day


def test_other_names_of_agents_leave_every_wait_as_it_was() -> None:
    stream = Stream("all", ANYBODY, steady(5, 200), Exponential(1), Exponential(2))
    renamed = [RosteredAgent(f"z{number * 7 % 5}", {}) for number in range(5)]
    first, second = simulate(alike(5), [stream], 2), simulate(renamed, [stream], 2)
    np.testing.assert_array_equal(first.wait_s, second.wait_s)


def test_what_a_caller_brings_does_not_depend_on_policy_agents_or_other_streams() -> None:
    whole, alone = draw_calls(BUSY, 3), draw_calls(BUSY[1:], 3)
    for column in ("arrival_s", "patience_s", "handling_s"):
        np.testing.assert_array_equal(getattr(whole, column)[whole.stream == 1], getattr(alone, column))
    best = dataclasses.replace(SALES, choice=Choice(Balance.MOST_PROFICIENT))
    first, second = simulate(mixed(), BUSY, 3), simulate(mixed()[:5], [dataclasses.replace(BUSY[0], plan=best), BUSY[1]], 3)
    both = (first.taker >= 0) & (second.taker >= 0)
    assert not np.array_equal(first.taker[both], second.taker[both])
    np.testing.assert_array_equal(first.calls.handling_s, second.calls.handling_s)
    np.testing.assert_array_equal(first.calls.patience_s, second.calls.patience_s)


def test_who_calls_again_brings_the_same_need_after_the_delay() -> None:
    stream = given("all", [0.0, 1.0], [10.0, 4.0], patience=Always(2), retrials=Retrials(0.9, Always(5)))
    day = simulate(alike(1), [stream], 1)
    second = [record for record in records(day) if record.handling_s == 4]
    assert [(record.arrival_s, record.outcome, record.again) for record in second] == [
        (1, Outcome.ABANDONED, False), (8, Outcome.ANSWERED, True),
    ]  # fmt: skip
    assert second[1].wait_s == 2  # at the same moment handling ends first


def test_an_agent_whose_duty_ends_finishes_and_a_break_gives_nobody() -> None:
    agent = RosteredAgent("a", {}, shifts=(Shift(10, 100, ((20, 40),)),))
    day = simulate([agent], [given("all", [0.0, 15.0, 21.0, 99.0, 101.0], [3.0, 9.0, 5.0, 50.0, 1.0])], 1)
    assert [record.wait_s for record in records(day)] == [10, 0, 19, 0, None]
    assert records(day)[-1].outcome is Outcome.IN_LINE
    # handled 67 s; ready from 13 to 15 and 45 to 99
    assert day.occupancy() == {"a": pytest.approx(67 / (67 + 2 + 54))}


@pytest.mark.parametrize(("shifts", "periods"), [
    ((Shift(0, 10, ((8, 12), (0, 2), (1, 3))),), [(3, 8)]),
    ((Shift(0, 10), Shift(5, 20), Shift(20, 30), Shift(40, 50)), [(0, 30), (40, 50)]),
    ((Shift(0, 10, ((2, 4),)), Shift(3, 5)), [(0, 2), (3, 10)]),
    ((Shift(0, 10, ((-5, 30),)),), []),
])  # fmt: skip
def test_duty_is_all_shifts_together_without_their_breaks(shifts: tuple[Shift, ...], periods: list[tuple[float, float]]) -> None:
    assert RosteredAgent("a", {}, shifts=shifts).on_duty() == periods


def test_waits_service_level_and_short_abandons_are_those_of_the_glossary() -> None:
    stream = given(
        "all", [0, 1, 2, 3, 4], [10, 10, 10, 10, 10], patience=Given([99, 99, 1, 5, 99]), answer_within_s=9, short_abandon_s=1
    )
    found = simulate(alike(1), [stream, given("more", [500], [1])], 1).figures("all")
    assert (found.offered, found.answered, found.abandoned, found.short_abandons) == (5, 3, 2, 1)
    assert found.waits_s.tolist() == [0, 1, 5, 9, 16]
    assert (found.asa_s, found.mean_wait_s) == (pytest.approx(25 / 3), 6.2)
    assert found.service_level == 2 / 4
    assert [found.wait_percentile_s(percent) for percent in (0, 20, 21, 60, 100)] == [0, 0, 1, 5, 16]


def test_two_policies_are_compared_on_the_same_callers() -> None:
    def run(agents: int):
        return lambda number: simulate(alike(agents), [Stream("all", ANYBODY, steady(4, 100), Exponential(1))], 1, number)

    gain = compare(run(5), run(6), {"wait": lambda day: day.figures().mean_wait_s}, 8)["wait"]
    assert gain.high < 0
    assert compare(run(5), run(5), {"wait": lambda day: day.figures().mean_wait_s}, 3)["wait"] == estimate([0.0] * 3)
    first, second = run(5)(0), run(6)(0)
    assert (second.wait_s <= first.wait_s + 1e-9).all(), "one more agent, the same callers: nobody waits longer"


def test_what_is_drawn_has_the_mean_and_the_spread_that_were_asked_for() -> None:
    chance = np.random.default_rng(1)
    drawn = Lognormal(200, 0.8).draw(chance, 200_000)
    assert (drawn.mean(), drawn.std() / drawn.mean()) == (pytest.approx(200, rel=0.01), pytest.approx(0.8, rel=0.02))
    came_s = Poisson((1000, 0, 3000), 900, 100).draw(chance)
    counts = np.histogram(came_s, [100, 1000, 1900, 2800])[0]
    assert (np.diff(came_s) >= 0).all()
    assert counts.tolist() == [pytest.approx(1000, abs=150), 0, pytest.approx(3000, abs=250)]


@pytest.mark.parametrize(("stream", "said"), [
    (lambda: [given("x", [1.0], [1.0, 2.0])], "2 durations are given for 1 arrivals"),
    (lambda: [given("x", [1.0], [-1.0])], "stream x: handling"),
    (lambda: [given("x", [1.0], [1.0]), given("x", [1.0], [1.0])], "the same name"),
    (lambda: [given("x", [1.0], [1.0], room=-1)], "room for -1"),
    (lambda: [given("x", [1.0], [1.0], patience=Given([1.0]), retrials=Retrials(0.5, ENDLESS))], "patience is given"),
    (lambda: [given("x", [1.0], [1.0], retrials=Retrials(1.0, ENDLESS))], "share who call again is 1.0"),
])  # fmt: skip
def test_what_cannot_be_is_refused(stream, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simulate(alike(1), stream(), 1)


def test_agents_and_shifts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="the same id"):
        simulate(alike(1) * 2, [given("x", [], [])], 1)
    with pytest.raises(ValueError, match="needs a stream"):
        simulate(alike(1), [], 1)
    with pytest.raises(ValueError, match="must end after it begins"):
        Shift(5, 5)
    assert simulate([], [given("x", [], [])], 1).figures().offered == 0


@pytest.mark.parametrize(("confidence", "degrees", "published"), [
    (0.95, 1, 12.706), (0.95, 2, 4.303), (0.95, 4, 2.776), (0.95, 5, 2.571), (0.99, 9, 3.250), (0.99, 10, 3.169), (0.9, 30, 1.697),
    (0.95, 120, 1.980),
])  # fmt: skip
def test_student_s_factor_is_the_published_one(confidence: float, degrees: int, published: float) -> None:
    assert t_factor(confidence, degrees) == pytest.approx(published, abs=0.0005)


def test_an_interval_needs_two_days() -> None:
    with pytest.raises(ValueError, match="two days"):
        estimate([1.0])
    found = estimate([1.0, 2.0, 3.0])
    assert (found.mean, found.half_width) == (2, pytest.approx(4.303 / 3**0.5, abs=0.001))


def test_who_needs_the_scarce_ones_waits_less_when_they_are_kept_free_and_nobody_else_waits_more() -> None:
    def day(number: int, keep: bool) -> SimulatedDay:
        choice = Choice(keep_scarce_free=keep)
        needs = {"usual": Skill("sales"), "few": all_of([Skill("sales"), Skill("javanese")])}
        plans = {name: Plan((Ring(0, (Circle(need),)),), choice) for name, need in needs.items()}
        agents = [RosteredAgent(f"a{place}", {"sales": 1} | ({"javanese": 1} if place == 0 else {})) for place in range(8)]
        streams = [Stream(name, plans[name], steady(rate, 400), Exponential(1)) for name, rate in (("usual", 5), ("few", 0.2))]
        return simulate(agents, streams, 4, number)

    figures = {name: partial(_mean_wait, name) for name in ("usual", "few")}
    gains = compare(lambda number: day(number, False), lambda number: day(number, True), figures, days=8)
    assert gains["few"].high < 0, "the difference is no chance"
    assert gains["usual"].mean < 0.02


def _mean_wait(stream: str, day: SimulatedDay) -> float | None:
    return day.figures(stream).mean_wait_s
