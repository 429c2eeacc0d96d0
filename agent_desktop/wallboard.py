"""The supervisors' wallboard."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.drawings import Drawing
from agent_desktop.languages import language_here
from agent_desktop.overflow_words import overflow_words
from agent_desktop.roles import needs_role
from agent_desktop.services import services
from agent_desktop.sparkline import area_points, line_points
from routing.agent_state import AgentState
from routing.board import AgentTile, Board, QueueCounts, WaitingCaller
from routing.overflow import Overflowing
from routing.policy import Policy, Queue
from routing.told_waits import ToldWait, WaitErrors

blueprint = Blueprint("wallboard", __name__)
CLOSE_TO_TARGET = 0.1


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue as the wallboard shows it; the levels ("good", "near", "bad", "") colour the numbers."""

    name: str
    label: str
    waiting: int
    longest_since: datetime | None
    answer_within_s: float
    service_target: float
    counts: QueueCounts
    level_of_service: str
    ready: int
    expected: ToldWait | None
    errors: WaitErrors
    overflow: str
    line: str
    area: str
    peak: int


@dataclass(frozen=True, slots=True)
class BoardView:
    now: datetime
    queues: tuple[QueueView, ...]
    callers: tuple[WaitingCaller, ...]
    due: dict[str, datetime]
    agents: tuple[AgentTile, ...]
    queue_labels: dict[str, str]
    ready: int
    talking: int
    policy: Policy

    def long_wrap_up_s(self, queue: str) -> float:
        """After so many seconds a wrap-up of this queue is marked."""
        return self.policy.queue_or_fallback(queue).wrap_up.long_after_s


@blueprint.get("/wallboard")
@needs_role(Role.SUPERVISOR, Role.ADMIN)
def page() -> ResponseReturnValue:
    return render_template("wallboard/page.html", board=newest_board().html, now=services().clock.now())


def newest_board() -> Drawing:
    """The board as it is now, in the reader's language."""
    here, language = services(), language_here()

    def draw() -> tuple[int, str]:
        version, view = here.boards.look(lambda board, now: board_view(board, now, language))
        return version, render_template("wallboard/board.html", board=view)

    return here.drawings.newest(language, here.boards.version, draw)


def board_view(board: Board, now: datetime, language: str) -> BoardView:
    """What the wallboard shows of this board at this moment."""
    present = [tile for tile in board.agents.values() if tile.state is not AgentState.OFFLINE]
    return BoardView(
        now=now,
        queues=tuple(_queue_view(board, queue, now, language) for queue in board.policy.queues),
        callers=tuple(board.callers()),
        due={key: told.due for key in board.waiting if (told := board.told.caller(key)) is not None},
        agents=tuple(sorted(present, key=_tile_order)),
        queue_labels={queue.name: queue.label_in(language) for queue in board.policy.queues},
        ready=sum(tile.state is AgentState.READY for tile in present),
        talking=sum(tile.state is AgentState.TALKING for tile in present),
        policy=board.policy,
    )


def level_of_service(share: float | None, target: float) -> str:
    """Which colour the service level has: good from the target on, near within ten points of it, else bad."""
    if share is None:
        return ""
    if share >= target:
        return "good"
    return "near" if share >= target - CLOSE_TO_TARGET else "bad"


def _queue_view(board: Board, queue: Queue, now: datetime, language: str) -> QueueView:
    name = queue.name
    callers, counts, peaks = board.callers(name), board.counts(name, now), board.peaks(name, now)
    return QueueView(
        name=name,
        label=queue.label_in(language),
        waiting=len(callers),
        longest_since=callers[0].since if callers else None,
        answer_within_s=queue.answer_within_s,
        service_target=queue.service_target,
        counts=counts,
        level_of_service=level_of_service(counts.service_level, queue.service_target),
        ready=board.ready_agents(queue),
        expected=board.told.newcomer(name),
        errors=board.told.errors(name),
        overflow=overflow_words(board.overflowing.get(name, Overflowing())),
        line=line_points(peaks),
        area=area_points(peaks),
        peak=max(peaks),
    )


def _tile_order(tile: AgentTile) -> tuple[str, str]:
    return (tile.name, tile.agent_id)  # by name, so that a tile keeps its place when its state changes
