"""Callers who keep their place and wait at home to be called, in live tests."""

from core.clock import SystemClock
from core.events import EventKind
from crm.callback_tries import kept_tasks, put_off
from launch.settings_file import write_settings
from routing.callback_outcomes import CallbackOutcomes
from tests.live.callers import to_music
from tests.live.house import House, wait_until
from tests.live.spoken_messages import confirm_own_number, task_of, wait_heard


def restart_cti(halo: House, trunk: str) -> None:
    write_settings(halo.settings.home, {"HALO_OUTBOUND_TRUNK": trunk})
    halo.stop_process("cti")
    halo.start_process("cti")
    wait_until(halo.cti_is_ready, "cti to be ready")


def promise(halo: House, watch) -> tuple[str, str]:
    """A stranger waits, keeps the place and hangs up; returns the interaction, in line at home, and their number."""
    call, interaction = to_music(halo, watch, "10")
    call.press("1")
    wait_heard(halo, call, "callback_offer_place")
    call.press("1")
    confirm_own_number(halo, call)
    wait_heard(halo, call, "callback_place_kept")
    assert call.ended.wait(10)
    wait_until(lambda: in_line_at_home(halo, interaction), "the promise to stand in line")
    return interaction, call.number


def in_line_at_home(halo: House, interaction: str) -> bool:
    place = halo.store.snapshot().line.get(interaction)
    return place is not None and place.callback > 0


def told(watch, kind: EventKind, interaction: str):
    return watch.wait(lambda event: event.kind is kind and event.interaction_id == interaction, f"{kind} of {interaction}", 40)


def rung(halo: House, number: str) -> int:
    """How often the customer's phone has begun to ring."""
    return len(halo.carrier.rings(number))


def due_now(halo: House, interaction: str) -> None:
    """The time of the next try has come."""
    now = SystemClock().now()
    task = task_of(halo, interaction)
    with halo.database.writing() as session:
        put_off(session, task.id, now)
        session.commit()
    CallbackOutcomes(halo.database, lambda _queue, at: at, halo.bus.publish).changed(task, "put_off", now)


def record_of_answered(halo: House, interaction: str):
    """The record, once it says that they were answered: that is told after the end of the call."""
    wait_until(lambda: halo.interaction(interaction).outcome == "answered", "the record of the answer")
    return halo.interaction(interaction)


def wrap_up(page) -> None:
    page.wait_state("WRAP_UP", timeout_s=40)
    page.save("solved", "", ready_after=False)
    page.wait_state("NOT_READY")


def end_all(halo: House) -> None:
    """Nobody is promised anything any more."""
    outcomes = CallbackOutcomes(halo.database, lambda _queue, at: at, halo.bus.publish)
    with halo.database.reading() as session:
        tasks = kept_tasks(session)
    for task in tasks:
        outcomes.closed(task, SystemClock().now())
