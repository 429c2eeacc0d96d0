"""A day played otherwise as a run: what is asked for, what came of it, and the work itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workforce.day_now import staffed_day, what_if_rest
from workforce.day_what_if import OtherDay, RestOfDay
from workforce.planning_forms import Form
from workforce.planning_runs import Kind, Progress, State
from workforce.planning_sources import Sources
from workforce.planning_work import carry_out


@dataclass(frozen=True, slots=True)
class WhatIfAsked:
    """The rest of which day, and how it is to be otherwise."""

    day: date
    other: OtherDay


WHAT_IF_ASKED = Form[WhatIfAsked](WhatIfAsked)
REST_OF_DAY = Form[RestOfDay](RestOfDay)


def play(run_id: int, sources: Sources) -> State:
    """Play it to its end, from the records as they are now; as workforce.planning_work.carry_out."""

    def contents(asked: Any, progress: Progress) -> Mapping[str, str]:
        wanted, now = WHAT_IF_ASKED.read_fields(asked), sources.clock.now
        progress.tell(now(), 0, 1, "reading", at_once=True)
        staffed = staffed_day(sources, wanted.day, now())
        found = what_if_rest(staffed, wanted.other, lambda done, of: progress.tell(now(), done, of, "playing"))
        return {"": REST_OF_DAY.write(found)}

    return carry_out(run_id, Kind.WHAT_IF, sources, contents)
