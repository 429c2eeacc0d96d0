"""What it breaks and leaves short when shifts change hands; and what an agent's shift has now and next."""

from datetime import UTC, datetime, timedelta

from tests.unit.workforce.rosters.small import EARLY, LATE, problem, roster, shift
from workforce.roster_records import RosterActivity, RosterShift
from workforce.rosters.contract import Contract
from workforce.shift_effect import Effect, ShiftEffects, Short, moving
from workforce.shift_outlook import Doing, outlook, parts_of

SALES, BOTH, BILLS = frozenset({"sales"}), frozenset({"sales", "bills"}), frozenset({"bills"})


def morning(people: int, days: int = 3) -> list[int]:
    """So many from 08:00 to 09:30 of each day."""
    return [people if 16 <= slot % 48 < 19 else 0 for slot in range(48 * days)]


def test_an_offer_moves_the_shift_and_a_swap_moves_two():
    work = roster(ani="E--", budi="-L-", cici="L--")
    assert moving(work, ("ani", 0), "budi", None) == {("ani", 0): None, ("budi", 0): shift(EARLY)}
    assert moving(work, ("ani", 0), "budi", 1) == {
        ("ani", 0): None, ("budi", 0): shift(EARLY), ("budi", 1): None, ("ani", 1): shift(LATE),
    }  # fmt: skip
    assert moving(work, ("ani", 0), "cici", 0) == {("ani", 0): shift(LATE), ("cici", 0): shift(EARLY)}


def test_the_rest_of_whoever_takes_a_shift_is_heeded():
    work = roster(ani="-E-", budi="L--", cici="---")
    effects = ShiftEffects(
        problem(3, [Contract("ani"), Contract("budi"), Contract("cici")], {"rest_between_shifts": {"least_h": 11}}), work
    )
    late_then_early = effects.of(moving(work, ("ani", 1), "budi", None))
    assert [(each.rule, each.agent) for each in late_then_early.broken] == [("rest_between_shifts", "budi")]
    assert effects.of(moving(work, ("ani", 1), "cici", None)).harmless


def test_what_was_broken_before_is_not_held_against_a_swap():
    work = roster(ani="LE-", budi="--L")
    effects = ShiftEffects(problem(3, [Contract("ani"), Contract("budi")], {"rest_between_shifts": {"least_h": 11}}), work)
    assert effects.of({("budi", 2): None}).harmless
    assert effects.of(moving(work, ("budi", 2), "ani", None)).harmless, "ani's short night was there already"


def test_staff_is_weighed_by_queue_and_only_what_gets_worse_is_told():
    agents = [Contract("ani", SALES), Contract("budi", SALES), Contract("cici", BILLS), Contract("dewi", BOTH)]
    work = roster(ani="E--", budi="---", cici="---", dewi="---")
    effects = ShiftEffects(problem(3, agents, {}, needs={"sales": morning(2)}), work)
    assert effects.of(moving(work, ("ani", 0), "budi", None)) == Effect((), ()), "alike: one was missing before, and still is"
    assert effects.of(moving(work, ("ani", 0), "dewi", None)).harmless
    lost = Effect((), (Short("sales", 0, 480, 570, 90),))
    assert effects.of(moving(work, ("ani", 0), "cici", None)) == lost
    assert effects.without(("ani", 0)) == lost


def test_least_staff_without_a_weight_forbids():
    agents = [Contract("ani", SALES), Contract("cici", BILLS)]
    work = roster(ani="E--", cici="---")
    effects = ShiftEffects(problem(3, agents, {"least_staff": {"share": 1}}, needs={"sales": morning(1)}), work)
    assert {each.rule for each in effects.of(moving(work, ("ani", 0), "cici", None)).broken} == {"least_staff"}


def planned(*breaks: tuple[str, int, int]) -> RosterShift:
    """07:00 to 16:00 UTC, breaks in hours."""
    at = datetime(2026, 12, 7, tzinfo=UTC)

    def hour(number: int) -> datetime:
        return at + timedelta(hours=number)

    rests = [RosterActivity(kind=kind, starts_at=hour(start), ends_at=hour(end)) for kind, start, end in breaks]
    return RosterShift(agent_id="1", day=at.date(), pattern="early", starts_at=hour(7), ends_at=hour(16), activities=rests)


def test_a_shift_in_parts_and_what_comes_next():
    row = planned(("training", 14, 16), ("lunch", 11, 12))
    assert [(part.kind, part.start.hour, part.end.hour) for part in parts_of(row)] == [
        ("", 7, 11), ("lunch", 11, 12), ("", 12, 14), ("training", 14, 16),
    ]  # fmt: skip
    at = datetime(2026, 12, 7, tzinfo=UTC)

    def seen(hour: float) -> tuple[Doing, str | None]:
        found = outlook([row], at + timedelta(hours=hour))
        return found.doing, found.next.kind if found.next else None

    assert seen(6) == (Doing.OFF, "")
    assert seen(7) == (Doing.ON_QUEUE, "lunch")
    assert seen(11.5) == (Doing.AWAY, "")
    assert seen(15) == (Doing.AWAY, None), "after the last part comes the end, not tomorrow"
    assert seen(16) == (Doing.OFF, None)
