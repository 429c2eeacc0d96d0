"""What would change: a recorded day played under an edited policy beside the one in force. Asked here, played by the worker."""

from dataclasses import dataclass, replace

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import SUPERVISING_ROLES
from agent_desktop.days import day_of
from agent_desktop.json_body import json_body
from agent_desktop.policy_publishing import read_sound
from agent_desktop.policy_texts import read, text_in_force
from agent_desktop.policy_words import labels, number_words, seconds_words
from agent_desktop.roles import needs_role, user_here
from agent_desktop.sent_text import text_of
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import NotFound, Unavailable
from routing.agents import load_profiles
from routing.policy import Policy
from routing.policy_file import LONGEST_POLICY, PolicyText
from routing.previews import Preview, State
from routing.replications import Estimate
from routing.what_if import Change, Measure

blueprint = Blueprint("policy_preview", __name__)


@dataclass(frozen=True, slots=True)
class Cell:
    """A mean, and half the width of its interval; "" where there is none."""

    mean: str = "–"
    around: str = ""


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of one queue, in words. `verdict` is better, worse, unclear, same or "" where there is nothing to compare."""

    name: str
    recorded: str
    in_force: Cell
    edited: Cell
    gain: Cell
    verdict: str


@dataclass(frozen=True, slots=True)
class QueueLines:
    """All measures of one queue."""

    label: str
    callers: int
    lines: tuple[MeasureLine, ...]


@blueprint.post("/api/policy/preview")
@needs_role(*SUPERVISING_ROLES)
def ask() -> ResponseReturnValue:
    """Have a day played under a text; the answer says where to look how far it is."""
    body, here = json_body(), services()
    text, day = text_of(body.fields, LONGEST_POLICY), day_of(body.text("day", most=10))
    read_sound(text)
    with here.database.reading() as session:
        current = text_in_force(session)
    preview = here.previews.place(user_here().login, day, text, current.text)
    try:
        here.policy_press.begin(preview.id)
    except Unavailable:
        here.previews.keep(replace(preview, state=State.FAILED))
        raise
    return jsonify(preview=preview.id), 202


@blueprint.get("/api/policy/preview/<preview_id>")
@needs_role(*SUPERVISING_ROLES)
def status(preview_id: str) -> ResponseReturnValue:
    """How far it is, and what came of it. Raises NotFound for one of somebody else."""
    preview = services().previews.find(preview_id)
    if preview.login != user_here().login:
        raise NotFound("There is no such preview.", "Ask for it once more.")
    return jsonify(
        state=preview.state, done=preview.done, of=preview.of, day=preview.day.isoformat(),
        html=_drawn(preview) if preview.state in (State.DONE, State.EMPTY) else "",
    )  # fmt: skip


def queue_lines(preview: Preview, before: Policy, after: Policy) -> list[QueueLines]:
    """The queues that anybody called, or would be in, each with its measures."""
    played, label_of = preview.played, labels(after, before)
    if played is None:
        return []
    by_queue: dict[str, list[Change]] = {}
    for change in played.what_if.changes:
        if change.recorded is not None or change.replayed is not None or change.otherwise is not None:
            by_queue.setdefault(change.queue, []).append(change)
    return [
        QueueLines(label_of(name), played.callers.get(name, 0), tuple(_line(change, before, after) for change in changes))
        for name, changes in by_queue.items()
    ]


def _line(change: Change, before: Policy, after: Policy) -> MeasureLine:
    found = [policy.find(change.queue) for policy in (after, before)]
    within_s = next(queue.answer_within_s for queue in found if queue is not None)
    names = {
        Measure.SERVICE_LEVEL: _("answered within %(time)s", time=seconds_words(within_s)),
        Measure.MEAN_WAIT_S: _("mean wait"),
        Measure.ABANDONED_SHARE: _("gave up"),
    }
    return MeasureLine(
        names[change.measure], _value(change.measure, change.recorded), _cell(change.measure, change.replayed),
        _cell(change.measure, change.otherwise), _gain(change), _verdict(change),
    )  # fmt: skip


def _verdict(change: Change) -> str:
    gain = change.gain
    if gain is None:
        return ""
    if gain.mean == 0 and gain.half_width == 0:
        return "same"
    if gain.holds(0):
        return "unclear"
    return "better" if (gain.mean > 0) == (change.measure is Measure.SERVICE_LEVEL) else "worse"


def _value(measure: Measure, value: float | None) -> str:
    if value is None:
        return "–"
    return seconds_words(value) if measure is Measure.MEAN_WAIT_S else f"{number_words(100 * value)} %"


def _cell(measure: Measure, found: Estimate | None) -> Cell:
    return Cell() if found is None else Cell(_value(measure, found.mean), f"± {_value(measure, found.half_width)}")


def _gain(change: Change) -> Cell:
    if change.gain is None or _verdict(change) == "same":
        return Cell()
    sign = "−" if change.gain.mean < 0 else "+"
    return Cell(f"{sign}{_value(change.measure, abs(change.gain.mean))}", f"± {_value(change.measure, change.gain.half_width)}")


def _drawn(preview: Preview) -> str:
    before, after = (read(text) for text in (preview.text_before, preview.text))
    if not isinstance(before, PolicyText) or not isinstance(after, PolicyText):
        raise NotFound("The policies of this preview can't be read any more.", "Ask for it once more.")
    with services().database.reading() as session:
        names = {agent_id: profile.name for agent_id, profile in load_profiles(session).items()}
    return render_template(
        "policy/preview.html",
        preview=preview, queues=queue_lines(preview, before.policy, after.policy), names=names,
        occupancy=preview.played.what_if.occupancy if preview.played else {},
    )  # fmt: skip
