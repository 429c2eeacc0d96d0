"""How long wrap-ups last, and how far they may be put off."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.problem import Faults
from routing.policy_file import read_policy
from routing.wrap_up_rule import WrapUpMode, WrapUpRule

BEGUN = datetime(2026, 3, 2, 5, tzinfo=UTC)
POLICY = """
queues:
  - name: general
    label: {{id: Umum, en: General}}
    answer_within_s: 20
    service_target: 0.8
    short_abandon_s: 5
    wrap_up: {rule}
fallback: general
"""


def after(seconds: float) -> datetime:
    return BEGUN + timedelta(seconds=seconds)


def test_a_fixed_one_ends_by_itself_after_its_own_time_or_the_usual_one_and_is_not_put_off():
    assert WrapUpRule().ends(BEGUN, 60) == after(60)
    rule = WrapUpRule(for_s=20)
    assert rule.ends(BEGUN, 60) == after(20)
    assert rule.extended(BEGUN, after(20)) is None


def test_a_free_one_never_ends_by_itself():
    rule = WrapUpRule(mode=WrapUpMode.FREE)
    assert rule.ends(BEGUN, 60) is None
    assert rule.extended(BEGUN, None) is None


@given(for_s=st.integers(1, 600), extend_s=st.integers(1, 300), more=st.integers(1, 900), presses=st.integers(1, 40))
def test_an_extendable_one_is_put_off_step_by_step_and_never_beyond_its_bound(for_s, extend_s, more, presses):
    rule = WrapUpRule(mode=WrapUpMode.EXTENDABLE, for_s=for_s, extend_s=extend_s, at_most_s=for_s + more)
    deadline = rule.ends(BEGUN, 60)
    for _press in range(presses):
        later = rule.extended(BEGUN, deadline)
        if later is None:
            assert deadline == after(for_s + more)
            break
        assert deadline < later <= after(for_s + more)
        assert later - deadline <= timedelta(seconds=extend_s)
        deadline = later


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{mode: free, for_s: 60}", "a free wrap-up has no time"),
        ("{mode: fixed, extend_s: 30}", "go with mode: extendable"),
        ("{mode: extendable, for_s: 300, at_most_s: 200}", "no longer than"),
        ("{mode: endless}", "there is no such choice"),
        ("{for_s: 0}", "is too small"),
    ],
)
def test_a_rule_that_does_not_go_together_is_refused_at_its_line(rule, said):
    with pytest.raises((Faults, BadInput)) as refused:
        read_policy(POLICY.format(rule=rule), "policy.yaml")
    problems = refused.value.problems if isinstance(refused.value, Faults) else ()
    assert any(said in problem.message and problem.line == 8 for problem in problems), problems


def test_a_rule_is_read_from_the_policy():
    policy = read_policy(POLICY.format(rule="{mode: extendable, for_s: 60, extend_s: 30, at_most_s: 180}"), "policy.yaml").policy
    rule = policy.queue("general").wrap_up
    assert (rule.mode, rule.for_s, rule.at_most_s) == (WrapUpMode.EXTENDABLE, 60, 180)
