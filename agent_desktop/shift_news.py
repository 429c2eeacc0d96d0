"""Tells desks and pages that shifts, or what is asked about them, have changed; always after the commit."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from agent_desktop.services import services
from agent_desktop.shift_words import weekday_day
from agent_desktop.texts import _
from core.events import Event, EventKind
from ivr.callback_news import tell_pages
from workforce.roster_records import AskState, ShiftSwap, TimeOffRequest


class ShiftChange(StrEnum):
    """What has happened."""

    OFFERED = "offered"
    SWAP_ASKED = "swap_asked"
    AGREED = "agreed"  # the planner decides
    DECLINED = "declined"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TIME_OFF_ASKED = "time_off_asked"
    TIME_OFF_GRANTED = "time_off_granted"
    TIME_OFF_REFUSED = "time_off_refused"
    TIME_OFF_WITHDRAWN = "time_off_withdrawn"
    PUBLISHED = "published"
    SWAP_RULES = "swap_rules"  # agreed swaps are done at once, or wait for a planner
    HOURS = "hours"  # a shift in force has other hours or breaks


_OF_STATES = {
    AskState.ACCEPTED: ShiftChange.AGREED, AskState.DECLINED: ShiftChange.DECLINED, AskState.GRANTED: ShiftChange.GRANTED,
    AskState.REFUSED: ShiftChange.REFUSED, AskState.WITHDRAWN: ShiftChange.WITHDRAWN,
}  # fmt: skip
_TIME_OFF = {
    AskState.ASKED: ShiftChange.TIME_OFF_ASKED, AskState.GRANTED: ShiftChange.TIME_OFF_GRANTED,
    AskState.REFUSED: ShiftChange.TIME_OFF_REFUSED, AskState.WITHDRAWN: ShiftChange.TIME_OFF_WITHDRAWN,
}  # fmt: skip


def tell_shifts(
    change: ShiftChange, day: date, agents: Collection[str], by: str = "", ask: int = 0, everybody: bool = False
) -> None:  # fmt: skip
    """`agents`: whose desks say so; `everybody`: other agents' pages look again, too. `by`: the agent who did it, "" a planner."""
    here = services()
    data = {"change": change.value, "day": day.isoformat(), "ask": ask, "agents": sorted(agents), "everybody": everybody}
    tell_pages(here.bus.publish, Event(EventKind.SHIFTS_CHANGED, here.clock.now(), agent_id=by, data=data))


def tell_swap(asked: ShiftSwap, by: str = "") -> None:
    """An offer or a swap stands elsewhere now."""
    both = {asked.agent_id, asked.other_agent_id} - {""}
    tell_shifts(_OF_STATES[AskState(asked.state)], asked.day, both, by, asked.id, everybody=asked.is_offer)


def tell_time_off(asked: TimeOffRequest, by: str = "") -> None:
    """Time off stands elsewhere now."""
    tell_shifts(_TIME_OFF[AskState(asked.state)], asked.first_day, [asked.agent_id], by, asked.id)


def is_about_shifts(event: Event) -> bool:
    """Whether it is news of shifts."""
    return event.kind is EventKind.SHIFTS_CHANGED


def concerns(event: Event, agent_id: str) -> bool:
    """Whether this agent's desk says something about it, or shows other shifts."""
    return is_about_shifts(event) and agent_id in event.data["agents"]


def may_show(event: Event, agent_id: str) -> bool:
    """Whether this agent's page of shifts may look different."""
    return concerns(event, agent_id) or (is_about_shifts(event) and bool(event.data["everybody"]))


def news_words(event: Event, agent_id: str, who: str) -> str:
    """What the agent's desk says; "" about what they did themselves. `who`: the name of the agent who did it."""
    if event.agent_id == agent_id:
        return ""
    day = weekday_day(date.fromisoformat(event.data["day"]))
    known = {
        ShiftChange.OFFERED: _("A shift on %(day)s is offered, and you may take it.", day=day),
        ShiftChange.SWAP_ASKED: _("%(who)s asks you to swap a shift on %(day)s.", who=who, day=day),
        ShiftChange.AGREED: _("%(who)s agrees about your shift on %(day)s. A planner decides.", who=who, day=day),
        ShiftChange.DECLINED: _("%(who)s does not want to swap on %(day)s.", who=who, day=day),
        ShiftChange.GRANTED: (
            _("Done: %(who)s has your shift on %(day)s.", who=who, day=day) if who
            else _("The planner agrees: the shift on %(day)s changes hands.", day=day)
        ),
        ShiftChange.REFUSED: _("The planner does not agree about the shift on %(day)s.", day=day),
        ShiftChange.WITHDRAWN: _("What was asked about the shift on %(day)s is taken back.", day=day),
        ShiftChange.TIME_OFF_GRANTED: _("Your time off from %(day)s is granted.", day=day),
        ShiftChange.TIME_OFF_REFUSED: _("Your time off from %(day)s is refused.", day=day),
        ShiftChange.PUBLISHED: _("Shifts from %(day)s on are published.", day=day),
        ShiftChange.HOURS: _("Your shift on %(day)s has other hours or breaks now.", day=day),
    }  # fmt: skip
    return known.get(ShiftChange(event.data["change"]), "")
