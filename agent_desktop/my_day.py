"""My day: what an agent has handled, how long it took, and where the time went. Each agent sees their own, and nobody else's."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from agent_desktop.accounts import Role
from agent_desktop.adherence_words import kept_words
from agent_desktop.day_strip import Piece, Strip, draw_strip
from agent_desktop.days import day_asked, span_of, today_here, zone_here
from agent_desktop.follow_up_list import Promised, promise_list
from agent_desktop.own_calls import OwnCall, QueueHandling, handling_by_queue, own_calls
from agent_desktop.own_states import StateSums, pieces_of, states_of, sums_of, with_live
from agent_desktop.planned_day import PlannedDay, planned_day
from agent_desktop.roles import agent_here, needs_role
from agent_desktop.services import services
from agent_desktop.texts import _
from workforce.adherence import HeldPiece, Kept
from workforce.day_adherence import AgentDay, load_day

blueprint = Blueprint("my_day", __name__, url_prefix="/my-day")


@dataclass(frozen=True, slots=True)
class OwnDayView:
    """All that the page shows. `promised`: what is due, or late, until the day is over; of other days nothing. `planned` None: no
    shift is published for the day. `held`: the day against the roster as it was in force; None where neither was anything."""

    day: date
    calls: list[OwnCall]
    by_queue: list[QueueHandling]
    sums: StateSums
    strip: Strip
    promised: list[Promised]
    planned: PlannedDay | None
    held: AgentDay | None

    @property
    def out(self) -> list[HeldPiece]:
        """The stretches out of place, and those that were excused."""
        return [piece for piece in self.held.held.pieces if piece.kept is not Kept.ADHERENT] if self.held else []

    @property
    def handling_s(self) -> float | None:
        """The mean of the calls; None without any."""
        return sum(call.handling_s for call in self.calls) / len(self.calls) if self.calls else None

    @property
    def waits_s(self) -> list[float]:
        """How long own callers waited, those who came by themselves."""
        return [call.wait_s for call in self.calls if call.wait_s is not None]


@blueprint.get("")
@needs_role(Role.AGENT)
def page() -> ResponseReturnValue:
    """`day` in the address: one of the last year."""
    day, today = day_asked(), today_here()
    later = day + timedelta(days=1) if day < today else None
    return render_template("my_day/page.html", view=gather(day), today=today, earlier=day - timedelta(days=1), later=later)


@blueprint.get("/content")
@needs_role(Role.AGENT)
def content() -> ResponseReturnValue:
    """The page's content alone, as it is now."""
    return render_template("my_day/content.html", view=gather(day_asked()), today=today_here())


def gather(day: date) -> OwnDayView:
    """The day of the agent who asks. What is planned for a day goes into the strip as a row above the states."""
    here, agent_id, now = services(), agent_here(), services().clock.now().astimezone(zone_here())
    start, end = span_of(day)
    until = min(end, now)
    with here.database.reading() as session:
        calls = own_calls(session, agent_id, start, end, now)
        spans = states_of(session, agent_id, start, until)
        promised = promise_list(session, agent_id, now).open if day == today_here() else []
        planned = planned_day(session, agent_id, day, now)
        by_queue = handling_by_queue(session, here.policy(), calls, start, end)
        past = [] if day == today_here() else load_day(session, day, zone_here(), now, agent_id)
    held = here.today.own(agent_id) if day == today_here() else next(iter(past), None)
    spans = with_live(spans, here.store.agent(agent_id), until) if day == today_here() else spans
    local = [replace(span, start=span.start.astimezone(zone_here())) for span in spans]
    rows = [(_("What was"), pieces_of(local))]
    if held and held.held.planned_s:
        rows.append((_("Out of place"), [_out_piece(piece) for piece in held.held.pieces if piece.kept is not Kept.ADHERENT]))
    strip = draw_strip([(_("Planned"), planned.pieces), *rows] if planned else rows, now)
    due = [one for one in promised if one.due_at < end]
    return OwnDayView(day, calls, by_queue, sums_of(spans), strip, due, planned, held)


def _out_piece(piece: HeldPiece) -> Piece:
    start, end = piece.start.astimezone(zone_here()), piece.end.astimezone(zone_here())
    kind = "not_ready" if piece.kept is Kept.EXCUSED else "trouble"
    return Piece(start, end, kind, f"{start:%H:%M}–{end:%H:%M} {kept_words(piece.kept)}")
