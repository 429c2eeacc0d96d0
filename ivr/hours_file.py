"""The file of opening hours: schedules, and queues with hours of their own. Every error names the file and the line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from core.errors import BadInput
from core.written_file import read_written
from core.yaml_places import YamlPath, line_of, load_with_lines, misfits
from ivr.hours import Schedule
from ivr.hours_form import FORM, Name, ScheduleForm
from ivr.queue_hours_form import AsQueue

SHIPPED_FILE = Path(__file__).with_name("hours.yaml")
LONGEST_HOURS = 100_000  # letters: years of holidays and dates
_NEXT_STEP = "Correct the file; the shipped ivr/hours.yaml explains the form."


@dataclass(frozen=True, slots=True)
class HoursFile:
    """What the file says: the schedules by name, in their order, and the own hours of queues, each under its queue's name.

    `lines` are the lines (from 1) on which the queues stand.
    """

    schedules: Mapping[str, Schedule]
    queues: Mapping[str, Schedule] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


class _HoursForm(BaseModel):
    model_config = FORM

    schedules: Mapping[Name, ScheduleForm] = Field(min_length=1)
    queues: Mapping[Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_-]{0,39}$")], AsQueue] = {}


def read_hours(text: str, file: Path) -> HoursFile:
    """The hours written in `text`. Raises BadInput that names `file` and every line that is wrong."""
    try:
        data, lines = load_with_lines(text)
    except BadInput as problem:
        raise BadInput(f"{file}, {problem.message}", _NEXT_STEP) from None
    try:
        form = _HoursForm.model_validate(data)
    except ValidationError as problem:
        raise BadInput(f"{misfits(file, problem, lines)}.", _NEXT_STEP) from None
    schedules = {name: schedule.schedule(name) for name, schedule in form.schedules.items()}
    _raise_for_unknown_schedules(form, file, lines)
    queues = {name: queue.hours(name, schedules[queue.schedule]) for name, queue in form.queues.items()}
    return HoursFile(schedules, queues, {name: line_of(lines, ("queues", name)) for name in queues})


def load_hours(file: Path = SHIPPED_FILE) -> HoursFile:
    """As read_hours, from a file. Raises BadInput also when it can't be read."""
    return read_hours(read_written(file, LONGEST_HOURS), file)


def raise_for_unknown_queues(hours: HoursFile, file: Path, known: Collection[str]) -> None:
    """Raises BadInput that names the line of every queue that there is not."""
    unknown = [name for name in hours.queues if name not in known]
    if unknown:
        places = "; ".join(f"{file}, line {hours.lines[name]}: there is no queue {name!r}" for name in unknown)
        raise BadInput(f"{places}.", f"Use some of: {', '.join(known)}.")


def _raise_for_unknown_schedules(form: _HoursForm, file: Path, lines: Mapping[YamlPath, int]) -> None:
    wrong = [
        f"{file}, line {line_of(lines, ('queues', name, 'schedule'))}: queues.{name}: there is no schedule {queue.schedule!r}"
        for name, queue in form.queues.items()
        if queue.schedule not in form.schedules
    ]
    if wrong:
        raise BadInput(f"{'; '.join(wrong)}.", f"Use one of: {', '.join(form.schedules)}.")
