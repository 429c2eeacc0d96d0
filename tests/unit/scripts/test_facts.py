"""What is known of a call, and conditions over it: typed, and safe whatever they say."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.card_parts import CardContact
from scripts.conditions import holds
from scripts.facts import FACTS, CallFacts, Kind, situation
from scripts.samples import samples
from tests.unit.scripts.small_scripts import NOW, TODAY, conditions, situations

LATE, NEWCOMER, STRANGER = samples("billing", NOW)
_TYPES = {Kind.YES_NO: bool, Kind.NUMBER: int, Kind.AMOUNT: int, Kind.WORD: str, Kind.WORDS: frozenset}
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from([*FACTS, "not", "any_of", "at_least"]), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=10,
)


def test_every_fact_is_of_its_kind_and_known_of_somebody() -> None:
    known = [sample.situation().known for sample in samples("billing", NOW)]
    for facts in known:
        assert set(facts) <= set(FACTS)
        for name, value in facts.items():
            assert type(value) is _TYPES[FACTS[name].kind], name
    assert set().union(*known) == set(FACTS) - {"last_score", "dialled_for"}


def test_why_we_call_them_is_known_of_nobody_who_called_us() -> None:
    assert situation(CallFacts("sales", dialled_for="sales"), None, NOW).known["dialled_for"] == "sales"
    assert "dialled_for" not in situation(CallFacts("sales"), None, NOW).known


def test_what_is_known_of_who_pays_late() -> None:
    known = LATE.situation().known
    assert (known["overdue_amount"], known["overdue_days"], known["order_late"]) == (4_999_000, 16, True)
    assert (known["reason"], known["segment"], known["last_disposition"], known["last_contact_days"]) == (
        "bill",
        "vip",
        "more_time",
        3,
    )
    assert known["bought"] == {"television"}
    assert {"main_menu:bill", "main_menu", "bill"} <= known["ivr_path"]  # type: ignore[operator]
    assert LATE.situation().today == TODAY


def test_of_a_stranger_only_the_call_is_known_and_nothing_is_so_of_what_is_not() -> None:
    known = STRANGER.situation().known
    assert known["known_customer"] is False
    assert not holds({"overdue_amount": {"at_most": 0}}, known)
    assert holds({"not": {"overdue_amount": {"more_than": 0}}}, known)


def test_the_call_in_hand_is_no_earlier_contact() -> None:
    assert LATE.card is not None
    this = CardContact("x", NOW, None, "voice", "billing", "bill", "", "1001", "", "")
    here = situation(CallFacts("billing"), replace(LATE.card, contacts=(this, *LATE.card.contacts)), NOW)
    assert (here.known["recent_contacts"], here.known["last_contact_days"]) == (1, 3)
    old = replace(LATE.card.contacts[0], at=NOW - timedelta(days=31), ended_at=NOW - timedelta(days=31))
    assert situation(CallFacts("billing"), replace(LATE.card, contacts=(old,)), NOW).known["recent_contacts"] == 0


def test_conditions_mean_all_of_what_they_say() -> None:
    known = LATE.situation().known
    assert holds({"segment": ["loyal", "vip"], "overdue_amount": {"more_than": 0, "at_most": 5_000_000}}, known)
    assert not holds({"segment": "loyal", "overdue_amount": {"more_than": 0}}, known)
    assert holds({"any_of": [{"segment": "new"}, {"order_late": True}]}, known)
    assert holds({"not": {"segment": "new", "order_late": True}}, known)
    assert holds({"overdue_days": 16, "ivr_path": ["people_menu:billing", "x"]}, known)


@given(anything, situations)
def test_whatever_a_condition_says_nothing_is_raised(condition: object, here: object) -> None:
    if isinstance(condition, dict):
        assert holds(condition, here.known) in (True, False)  # type: ignore[attr-defined]


@given(conditions({}), situations)
def test_a_condition_or_its_contrary_holds(condition: dict[str, object], here: object) -> None:
    known = here.known  # type: ignore[attr-defined]
    assert holds(condition, known) != holds({"not": condition}, known)
    assert holds({"any_of": [condition, {"not": condition}]}, known)
