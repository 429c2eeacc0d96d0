"""What if, on the day's page: the rest of the day is played by the process for it; how far it is and what came of it are pushed."""

import select
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import PLANNING_ROLES
from agent_desktop.days import span_of, today_here, zone_here
from agent_desktop.forecast_orders import begin_run
from agent_desktop.interval_picture import HEIGHT, WIDTH
from agent_desktop.json_body import Body, json_body
from agent_desktop.languages import language_here
from agent_desktop.planning_pages import wrong_fields
from agent_desktop.planning_words import problem_words
from agent_desktop.pushing import RETRY_MS, browsers_connection, is_gone, message, pushed
from agent_desktop.roles import needs_role, user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from agent_desktop.the_day import Chosen, chosen_here
from core.errors import BadInput
from workforce.day_what_if import OtherDay, RestOfDay
from workforce.planning_jobs import enqueue_run
from workforce.planning_runs import Kind, State, cancel, find, results, state_of
from workforce.planning_tables import PlanningRun
from workforce.what_if_work import REST_OF_DAY, WHAT_IF_ASKED, WhatIfAsked

blueprint = Blueprint("what_if", __name__)
_MOST_PERCENT = 100
_MOST_ILL = 10_000
_LONGEST_PAGE = 20
_LOOK_EVERY_S = 0.2
_FORGOTTEN_AFTER = timedelta(seconds=30)  # Redis may have lost its jobs; what was asked for stands in the database
_BEATS_EVERY = 20  # looks: a browser that is gone is found by it where its connection is not shown


@blueprint.post("/api/the-day/what-if")
@needs_role(*PLANNING_ROLES)
def ask() -> ResponseReturnValue:
    """`at`, `volume` and `aht` (percent more or less), `ill` and `groups` (counts by queue and by group), and the `page` that asks:
    what it asked before is not played any more. The answer says where to look how far it is."""
    body = json_body()
    try:
        at, ill, groups = _moment(body.text("at", 8)), _counts(body, "ill"), _counts(body, "groups")
        other = OtherDay(at, ill, _times(body, "volume"), _times(body, "aht"), groups)
    except BadInput as problem:
        return wrong_fields({"at": _wrong_words(problem)})
    name = f"{user_here().id} {body.text('page', _LONGEST_PAGE)}"
    run = begin_run(Kind.WHAT_IF, name, WHAT_IF_ASKED.fields(WhatIfAsked(today_here(), other)), replaces=True)
    return jsonify(run=run.id), 202


@blueprint.post("/api/the-day/what-if/<int:run_id>/cancel")
@needs_role(*PLANNING_ROLES)
def stop(run_id: int) -> ResponseReturnValue:
    """Nobody wants it any more; one that has ended stays as it is."""
    here = services()
    with here.database.writing() as session:
        find(session, run_id, Kind.WHAT_IF)
        cancelled = cancel(session, run_id, here.clock.now())
        session.commit()
    return jsonify(cancelled=cancelled)


@blueprint.get("/events/what-if/<int:run_id>")
@needs_role(*PLANNING_ROLES)
def stream(run_id: int) -> ResponseReturnValue:
    """How far it is, until it has ended: `progress`, then `result`, `fault` or `cancelled`. Raises NotFound."""
    asked = chosen_here()
    _run(run_id)
    return pushed(_messages(asked, run_id, browsers_connection()))


def _messages(asked: Chosen, run_id: int, connection: socket.socket | None) -> Iterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    looks, told = 0, ""
    while not is_gone(connection):
        run = _run(run_id)
        state = state_of(run, services().clock.now())
        if state in (State.WAITING, State.WORKING):
            if state is State.WAITING and services().clock.now() - run.at > _FORGOTTEN_AFTER:
                enqueue_run(services().store.redis, Kind.WHAT_IF, run.id)  # does nothing where the job still lies there
            body: dict[str, object] = {"state": state, "done": run.done, "of": run.of}
            text = message("progress", body)
            looks += 1
            if text != told or looks % _BEATS_EVERY == 0:
                yield text
                told = text
            _wait(connection)
            continue
        yield _ended(asked, run, state)
        return


def _ended(asked: Chosen, run: PlanningRun, state: State) -> str:
    if state is State.DONE:
        return message("result", {"html": _result(asked, run)})
    if state is State.CANCELLED:
        return message("cancelled", {})
    if state is State.LOST:
        return message("fault", {"message": _("The process that plays days stopped in the middle of it. Move a slider again.")})
    wrong = run.problem.get("code") == "bad_input"
    return message(
        "fault", {"message": _wrong_words(BadInput(str(run.problem["message"]), "")) if wrong else problem_words(run.problem)}
    )


def _run(run_id: int) -> PlanningRun:
    with services().database.reading() as session:
        return find(session, run_id, Kind.WHAT_IF)


def _wait(connection: socket.socket | None) -> None:
    """Until it is time to look again, or the browser has gone."""
    select.select([connection] if connection is not None else [], [], [], _LOOK_EVERY_S)


def _result(asked: Chosen, run: PlanningRun) -> str:
    with services().database.reading() as session:
        played = REST_OF_DAY.read(results(session, run.id)[""])
    other = WHAT_IF_ASKED.read_fields(run.asked).other
    known = services().policy()
    every = [queue for queue in played.measures if known.find(queue)]
    queues = [asked.queue] if asked.queue in every else every
    return render_template(
        "the_day/what_if.html", other=other, played=played, queues=queues, zone=zone_here(), language=language_here(),
        lines={queue: _level_lines(played, queue) for queue in queues}, known=known,
    )  # fmt: skip


def _moment(text: str) -> datetime:
    earliest = max(services().clock.now(), span_of(today_here())[0])
    if not text:
        return earliest
    try:
        return max(earliest, datetime.combine(today_here(), time.fromisoformat(text), zone_here()))
    except ValueError:
        raise BadInput("That is no time of the day.", "Write it like 13:00.") from None


def _counts(body: Body, name: str) -> Mapping[str, int]:
    """Of a field that has counts by name, those above 0."""
    counts = body.fields.get(name, {})
    if not isinstance(counts, dict) or not all(_is_count(each) for each in counts.values()):
        raise BadInput("That is no number of agents.", "Use whole numbers.")
    return {str(each): count for each, count in counts.items() if count}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_ILL


def _times(body: Body, name: str) -> float:
    value = body.fields.get(name, 0)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadInput("That is no number.", "Write it like 20 or -10.")
    if not -90 <= value <= _MOST_PERCENT:
        raise BadInput("That is more than can be played.", "Use -90 to 100.")
    return 1 + value / 100


def _wrong_words(problem: BadInput) -> str:
    known = {
        "No forecast has this day.": _("No forecast has this day. Compute one first."),
        "Nothing is left of the day then.": _("Nothing is left of the day then. Choose an earlier time."),
        "Nobody is expected for the rest of the day.": _("Nobody is expected for the rest of the day. Choose an earlier time."),
        "That is no time of the day.": _("That is no time of the day. Write it like 13:00."),
        "That is no number.": _("That is no number. Write it like 20 or -10."),
        "That is more than can be played.": _("That is more than can be played. Use -90 to 100 percent."),
    }
    return known.get(problem.message, _("So many agents are not there any more at that time. Choose fewer."))


def _level_lines(played: RestOfDay, queue: str) -> tuple[str, str]:
    """Service levels of the hours as points of two lines, 0 to 100 %; hours without callers are passed over."""
    was, then = played.levels[queue]
    slot = WIDTH / max(1, len(was))
    found = [
        " ".join(
            f"{round((at + 0.5) * slot, 1)},{round(HEIGHT * (1 - level), 1)}" for at, level in enumerate(side) if level is not None
        )
        for side in (was, then)
    ]
    return found[0], found[1]
