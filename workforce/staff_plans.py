"""Plans of staff under names: kept whole, never changed. Rosters take what they need from here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from workforce.planning_forms import STAFF, WISHES
from workforce.planning_tables import StaffPlan, StaffPlanQueue
from workforce.staff_need import StaffRow
from workforce.staffing import Wishes

LONGEST_NAME = 80


def keep_plan(
    session: Session, name: str, staffed: Mapping[str, Sequence[StaffRow]], wishes: Wishes, zone: tzinfo, by: str, at: datetime
) -> StaffPlan:  # fmt: skip
    """Keep it under the next version of its name. The caller commits. Raises BadInput for a name that can't be, or no interval."""
    cleaned = name.strip()
    rows = [row for own in staffed.values() for row in own]
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise BadInput("A plan has a name of 1 to 80 characters.", "Give it a name.")
    if not rows:
        raise BadInput("The plan has no interval.", "Staff a forecast first.")
    newest = session.scalar(select(func.max(StaffPlan.version)).where(StaffPlan.name == cleaned))
    days = [row.starts_at.astimezone(zone).date() for row in rows]
    plan = StaffPlan(
        name=cleaned, version=(newest or 0) + 1, first=min(days), days=(max(days) - min(days)).days + 1, minutes=rows[0].minutes,
        wishes=WISHES.fields(wishes), by=by[:80], at=at,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    session.add_all(StaffPlanQueue(plan_id=plan.id, queue=queue, content=STAFF.write(own)) for queue, own in staffed.items())
    return plan


def plans(session: Session) -> list[StaffPlan]:
    """The newest first."""
    return list(session.scalars(select(StaffPlan).order_by(StaffPlan.id.desc())))


def find_plan(session: Session, name: str, version: int | None = None) -> StaffPlan:
    """This version of a plan, the newest unless one is named. Raises NotFound."""
    asked = select(StaffPlan).where(StaffPlan.name == name).order_by(StaffPlan.version.desc())
    if version is not None:
        asked = asked.where(StaffPlan.version == version)
    found = session.scalars(asked).first()
    if found is None:
        raise NotFound(f"There is no plan {name!r}.", "Choose one of those that are kept.")
    return found


def plan_rows(
    session: Session, plan_id: int, first: date | None = None, last: date | None = None, zone: tzinfo | None = None
) -> list[StaffRow]:
    """What every queue of a plan needs, interval by interval, in the order of time; with `first` and `last` only of those local
    days (of `zone`). `agents` are to be on queue, `heads` to be paid. Raises NotFound for a plan that is not there."""
    if session.get(StaffPlan, plan_id) is None:
        raise NotFound(f"There is no plan {plan_id}.", "Choose one of those that are kept.")
    contents = session.scalars(select(StaffPlanQueue.content).where(StaffPlanQueue.plan_id == plan_id))
    rows = [row for content in contents for row in STAFF.read(content)]
    found = []
    for row in rows:
        day = row.starts_at.astimezone(zone).date()
        if (first is None or day >= first) and (last is None or day <= last):
            found.append(row)
    return sorted(found, key=lambda row: (row.starts_at, row.queue))
