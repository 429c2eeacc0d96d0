"""Forecasts of histories whose rule is known, what is kept out of them, and what the planner overrules."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.errors import BadInput
from tests.unit.workforce.histories import MONDAY, QUIET_NIGHTS, expected_on, made
from workforce.back_test import back_test
from workforce.day_calendar import AFTER, DayCalendar, SpecialDay
from workforce.day_history import DayHistory
from workforce.day_profile import DayProfile, usable_days
from workforce.erlang_need import Target
from workforce.forecast import forecast
from workforce.forecast_band import learn_band
from workforce.forecast_methods import METHODS, NAIVE, Past, forecast_days, past_of
from workforce.overruling import Overruling
from workforce.set_aside import Judged, set_aside
from workforce.staff_need import QueuePlan, staff_rows

JAKARTA = ZoneInfo("Asia/Jakarta")
PLAIN = DayCalendar()


def known(history: DayHistory, calendar: DayCalendar = PLAIN) -> Past:
    return past_of(history, usable_days(history.days, set_aside(history, calendar)), calendar)


def after(history: DayHistory, count: int) -> list[date]:
    return [history.days[-1] + timedelta(days=number + 1) for number in range(count)]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_week(method: str) -> None:
    history = made(112)
    for each in forecast_days(method, known(history), after(history, 14)):
        noise = 5 * expected_on(each.day) ** 0.5
        assert each.callers == pytest.approx(expected_on(each.day), abs=noise + 0.05 * expected_on(each.day))
        assert each.because


def test_a_holiday_s_factor_is_learned_and_told() -> None:
    """Independence Day and others bring a fifth of the callers of such a weekday."""
    calendar = DayCalendar("ID")
    quiet = {day: 0.2 for day in [MONDAY + timedelta(days=at) for at in range(900)] if calendar.holiday(day)}
    history = made(585, factors=quiet)  # to 13 August 2026
    found = {each.day: each for each in forecast_days("day types", known(history, calendar), after(history, 10))}
    independence = found[date(2026, 8, 17)]
    assert independence.callers == pytest.approx(0.2 * expected_on(independence.day), rel=0.25)
    assert "holiday (Independence Day)" in str(independence.because)
    usual = found[date(2026, 8, 20)]
    assert usual.callers == pytest.approx(expected_on(usual.day), rel=0.12)


def test_a_trend_goes_on_but_fades() -> None:
    history = made(200, growth=0.002)
    coming = after(history, 60)
    found = forecast_days("day types", known(history), coming)
    ratios = [each.callers / expected_on(each.day) for each in found]
    assert np.mean(ratios[:14]) == pytest.approx(1.002**207, rel=0.06)
    assert np.mean(ratios[-14:]) < 1.002**257


def test_what_was_never_seen_is_said() -> None:
    """No Lebaran in the history: it is taken as a usual day, and the reason says so."""
    calendar = DayCalendar("ID")
    history = made(427)  # to 8 March 2026, with the Lebaran of 2025
    short = DayHistory("sales", 30, history.days[250], history.offered[250:], history.handled[250:], history.handle_s[250:])
    found = {each.day: each for each in forecast_days("day types", known(short, calendar), after(short, 20))}
    assert "Lebaran was never seen" in str(found[date(2026, 3, 21)].because)


def test_a_special_day_multiplies_by_its_factor() -> None:
    history = made(112)
    day = after(history, 1)[0]
    calendar = DayCalendar("", [SpecialDay(day, "mailing", 1.5)])
    plain, special = (forecast_days("weekday mean", known(history, each), [day])[0] for each in (PLAIN, calendar))
    assert special.callers == pytest.approx(1.5 * plain.callers)
    assert str(special.because).endswith("× mailing 1.5")


def test_of_a_past_day_with_a_factor_the_rest_is_learned() -> None:
    """A mailing doubled a Wednesday, and the planner said so: the next Wednesday is as without it."""
    history = made(112)
    day = history.days[107]
    doubled = made(112, factors={day: 2.0})
    calendar = DayCalendar("", [SpecialDay(day, "mailing", 2.0)])
    assert set_aside(doubled, calendar) == {}
    for method in set(METHODS) - {NAIVE}:
        plain, told = (forecast_days(method, each, after(history, 7)) for each in (known(history), known(doubled, calendar)))
        for was, now in zip(plain, told, strict=True):
            assert now.callers == pytest.approx(was.callers, rel=0.02)


def test_a_special_day_without_a_factor_is_learned_from_its_likes() -> None:
    mailings = [MONDAY + timedelta(days=at) for at in (16, 37, 58, 79, 100)]
    history = made(110, factors=dict.fromkeys(mailings, 1.6))
    coming = after(history, 7)
    calendar = DayCalendar("", [SpecialDay(day, "mailing") for day in (*mailings, coming[2])])
    found = forecast_days("day types", known(history, calendar), coming)
    assert found[2].callers == pytest.approx(1.6 * expected_on(coming[2]), rel=0.12)
    assert "mailing 1.5" in str(found[2].because) or "mailing 1.6" in str(found[2].because)


def test_days_that_are_amiss_are_set_aside_and_said() -> None:
    history = made(140)
    history.offered[70] *= 4
    history.offered[80, 18:30] = 0
    history.offered[90] = np.nan
    calendar = DayCalendar("", [SpecialDay(history.days[100], "strike", leave_out=True)])
    found = set_aside(history, calendar)
    assert set(found) == {history.days[at] for at in (70, 80, 90, 100)}
    assert "where such a day has about" in str(found[history.days[70]])
    assert str(found[history.days[80]]).startswith("nobody from 09:00 to 15:00")
    assert str(found[history.days[90]]) == "not on record"
    assert str(found[history.days[100]]) == "left out: strike"


def test_a_flood_on_the_day_after_a_holiday_is_set_aside_but_not_what_such_days_have() -> None:
    calendar = DayCalendar("ID")
    history = made(365)
    after_one = [at for at, day in enumerate(history.days) if calendar.kinds(day) == (AFTER,) and day.weekday() < 5]
    history.offered[after_one] *= 1.8
    assert set_aside(history, calendar) == {}, "a day after a holiday may be busy"
    history.offered[after_one[-1]] *= 3
    assert list(set_aside(history, calendar)) == [history.days[after_one[-1]]]


def test_what_was_found_of_a_longer_history_serves_for_a_shorter_one() -> None:
    history = made(200)
    history.offered[60] *= 4
    history.offered[140, 18:30] = 0
    judged: Judged = {}
    lengths = range(200, 60, -7)
    for length in lengths:
        assert set_aside(history.first_days(length), PLAIN, judged) == set_aside(history.first_days(length), PLAIN)
    assert len(judged) < 200 + 35 * len(lengths), "of each length only the last five weeks are looked at anew"


def test_days_by_chance_alone_are_not_set_aside() -> None:
    assert len(set_aside(made(365, mean=60), PLAIN)) + len(set_aside(made(365, seed=3), PLAIN)) <= 2


def test_a_day_set_aside_changes_no_forecast() -> None:
    history, spoiled = made(140), made(140)
    spoiled.offered[120] *= 6
    assert history.days[120] in set_aside(spoiled, PLAIN)
    for method in set(METHODS) - {NAIVE}:
        one, other = (forecast_days(method, known(each), after(history, 7)) for each in (history, spoiled))
        for was, now in zip(one, other, strict=True):
            assert now.callers == pytest.approx(was.callers, rel=0.03)


def test_a_day_spreads_by_its_profile_and_keeps_its_callers() -> None:
    history = made(112)
    profile = DayProfile(history, usable_days(history.days, {}), PLAIN)
    split = profile.split(after(history, 1)[0], 1000.0)
    assert split.sum() == pytest.approx(1000)
    assert np.abs(split - 1000 * QUIET_NIGHTS / QUIET_NIGHTS.sum()).max() < 6


def test_handling_times_by_interval_and_by_kind_of_day() -> None:
    history = made(112)
    history.handle_s[:] = history.handled * 240
    history.handle_s[:, 20:24] = history.handled[:, 20:24] * 360
    history.handle_s[5::7] *= 1.5  # Saturdays
    profile = DayProfile(history, usable_days(history.days, {}), PLAIN)
    monday, saturday = profile.aht_s(MONDAY), profile.aht_s(MONDAY + timedelta(days=5))
    assert monday is not None
    assert saturday is not None
    assert monday[21] / monday[17] == pytest.approx(1.5, rel=0.1)
    assert saturday[17] / monday[17] == pytest.approx(1.5, rel=0.1)
    history.handled[:] = 0
    assert DayProfile(history, usable_days(history.days, {}), PLAIN).aht_s(MONDAY) is None


def test_the_back_test_prefers_what_is_right_to_last_week() -> None:
    history = made(200)
    history.offered[150:157] *= 1.2  # a week that last week's followers carry on
    tested = back_test(history, PLAIN, 14)
    assert tested.best != NAIVE
    best, naive = tested.scores[tested.best].days_wape, tested.scores[NAIVE].days_wape
    assert best is not None
    assert naive is not None
    assert best < naive
    assert tested.aht_wape == pytest.approx(0, abs=0.01)


def test_bands_hold_as_many_as_they_say() -> None:
    tested = back_test(made(300), PLAIN, 14, 0.8)
    assert tested.coverage == pytest.approx(0.8, abs=0.06)


def test_bands_are_calibrated_for_any_misses() -> None:
    """Misses of a skew law: the band learned from some holds the same share of others."""
    chance = np.random.default_rng(4)
    expected = chance.uniform(20, 400, 6000)
    came = np.round(expected * chance.lognormal(-0.045, 0.3, 6000))
    for share in (0.5, 0.8, 0.95):
        band = learn_band(expected[:3000], came[:3000], share)
        held = (came[3000:] >= band.low(expected[3000:])) & (came[3000:] <= band.high(expected[3000:]))
        assert held.mean() == pytest.approx(share, abs=0.03)


def test_the_back_test_knows_only_what_was_known() -> None:
    """The same history with another end gives the same forecasts of the middle."""
    heard: list[tuple[int, int]] = []
    one = back_test(made(119), PLAIN, 7, tell=lambda done, of: heard.append((done, of)))
    assert heard[-1][0] == heard[-1][1] == one.origins
    longer = made(147)
    assert (longer.offered[:119] == made(119).offered).all()
    again = back_test(longer.first_days(119), PLAIN, 7)
    assert again.scores == one.scores


def test_the_forecast_of_a_fortnight() -> None:
    history = made(140)
    first = history.days[-1] + timedelta(days=1)
    found = forecast(history, PLAIN, JAKARTA, first, 14)
    assert [each.day for each in found.days] == after(history, 14)
    assert len(found.rows) == 14 * 48
    for day, at in ((each, number) for number, each in enumerate(found.days)):
        rows = found.rows[at * 48 : at * 48 + 48]
        assert sum(row.callers for row in rows) == pytest.approx(day.callers)
        assert all(row.low <= row.callers <= row.high for row in rows)
        assert rows[0].starts_at.astimezone(JAKARTA).hour == 0
        assert day.low <= day.callers <= day.high
    assert found.rows[20].aht_s == pytest.approx(240)


@pytest.mark.parametrize("method", METHODS)
def test_where_nobody_ever_came_nobody_is_expected_and_nobody_needed(method: str) -> None:
    """A center that is shut at night and on Sundays: not a hair above 0, or somebody would be needed all the while."""
    history = made(140)
    history.offered[:, :14] = history.handled[:, :14] = history.handle_s[:, :14] = 0
    history.offered[6::7] = np.nan
    history.handled[6::7] = history.handle_s[6::7] = 0
    found = forecast(history, PLAIN, JAKARTA, history.days[-1] + timedelta(days=1), 14, method)
    needed = staff_rows(found.rows, QueuePlan(Target(0.8)))
    for at, day in enumerate(found.days):
        night, open_hours = needed[at * 48 : at * 48 + 14], needed[at * 48 + 14 : at * 48 + 48]
        assert {(row.callers, row.agents) for row in night} == {(0.0, 0)}
        if day.day.weekday() == 6:
            assert day.callers == 0
            assert "no such weekday on record" in str(day.because)
            assert not any(row.agents for row in open_hours)
        else:
            assert day.callers == pytest.approx(expected_on(day.day), rel=0.15)
            assert open_hours[0].agents


def test_nothing_is_learned_from_the_first_day_on() -> None:
    history = made(140)
    first = history.days[112]
    cut = forecast(history.first_days(112), PLAIN, JAKARTA, first, 7)
    assert [row.callers for row in forecast(history, PLAIN, JAKARTA, first, 7).rows] == [row.callers for row in cut.rows]


def test_a_gap_before_the_first_day_is_stepped_over() -> None:
    history = made(140)
    first = history.days[-1] + timedelta(days=11)
    found = forecast(history, PLAIN, JAKARTA, first, 3, method="weekday mean")
    assert [each.day for each in found.days] == [first + timedelta(days=number) for number in range(3)]
    assert found.days[0].callers == pytest.approx(expected_on(first), rel=0.1)


def test_the_planner_s_word_counts_and_what_was_computed_is_kept() -> None:
    history = made(140)
    first = history.days[-1] + timedelta(days=1)
    plain = forecast(history, PLAIN, JAKARTA, first, 3)
    changed = forecast(
        history, PLAIN, JAKARTA, first, 3,
        overrulings=[
            Overruling("sales", first, 20, 99.0, None, 300.0, "known fault"),
            Overruling("sales", first, None, 1000.0, None, None, "campaign"),
            Overruling("sales", first + timedelta(days=1), None, None, 0.5, None, ""),
            Overruling("billing", first + timedelta(days=2), None, 1.0, None, None, ""),
        ],
    )  # fmt: skip
    assert changed.rows[20].callers == pytest.approx(99)
    assert changed.rows[20].aht_s == 300
    assert changed.rows[20].overruled == "known fault"
    assert changed.rows[20].computed == plain.rows[20].callers
    assert sum(row.callers for row in changed.rows[:48]) == pytest.approx(
        1000 + 99 - plain.rows[20].callers / plain.days[0].callers * 1000
    )  # fmt: skip
    assert changed.days[1].callers == pytest.approx(plain.days[1].callers / 2)
    assert changed.days[2].callers == plain.days[2].callers
    assert "campaign" in changed.days[0].overruled


@pytest.mark.parametrize(
    ("days", "method", "share", "told"),
    [(0, "", 0.9, "0 days"), (500, "", 0.9, "500 days"), (7, "guess", 0.9, "no method 'guess'"), (7, "", 90, "band can't hold 90")],
)
def test_what_can_t_be_forecast_is_refused(days: int, method: str, share: float, told: str) -> None:
    history = made(60)
    with pytest.raises(BadInput, match=told):
        forecast(history, PLAIN, JAKARTA, history.days[-1], days, method, share)


def test_a_short_history_is_refused_with_its_length() -> None:
    with pytest.raises(BadInput, match="27 days are on record"):
        forecast(made(27), PLAIN, JAKARTA, MONDAY + timedelta(days=27), 7)
    assert forecast(made(28), PLAIN, JAKARTA, MONDAY + timedelta(days=28), 7).days[0].callers > 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "offered",
    [
        pytest.param(np.random.default_rng(1).poisson(0.01, (90, 48)), id="hardly anybody"),
        pytest.param(
            np.random.default_rng(1).poisson(3, (84, 48)) * np.tile([1, 1, 1, 1, 1, 0, 0], 12)[:, None], id="closed weekends"
        ),
        pytest.param(np.concatenate([np.zeros((39, 48)), np.full((1, 48), 5.0)]), id="one day with callers"),
        pytest.param(np.concatenate([np.full((40, 48), 2.0), np.full((10, 48), np.nan)]), id="the end is not on record"),
        pytest.param(np.random.default_rng(1).poisson(5000, (60, 48)), id="very many"),
        pytest.param(np.random.default_rng(1).poisson(np.exp(np.arange(200) / 20)[:, None] * np.ones(48) / 48), id="growing fast"),
    ],
)
def test_odd_histories_give_finite_forecasts_and_staff(offered: np.ndarray) -> None:
    history = DayHistory("sales", 30, MONDAY, offered.astype(float), np.nan_to_num(offered), np.nan_to_num(offered) * 200.0)
    found = forecast(history, DayCalendar("ID"), JAKARTA, MONDAY + timedelta(days=len(offered)), 10)
    most = 2 * float(np.nanmax(history.totals)) + 10
    for day in found.days:
        assert 0 <= day.low <= day.callers <= day.high
        assert day.callers <= most
    assert all(row.agents >= row.load_erlang / 2 for row in staff_rows(found.rows, QueuePlan(Target(0.8, 20), 180, 0.3, aht_s=200)))
