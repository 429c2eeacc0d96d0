"""Steps that callers take in live tests."""

from core.events import Event, EventKind
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from tests.live.house import House


def interaction_of(call: Call, watch: EventWatch) -> str:
    """The interaction of a call, by the number it came from."""
    started = watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_STARTED and event.data["ani"] == call.number, f"{call.name} to arrive"
    )
    return started.interaction_id


def steps_of(watch: EventWatch, interaction_id: str) -> int:
    """How many steps the caller has taken in the IVR."""
    return sum(event.kind is EventKind.IVR_STEP_TAKEN and event.interaction_id == interaction_id for event in watch.events)


def press_through(call: Call, interaction_id: str, watch: EventWatch, keys: str, taken: int = 0) -> None:
    """Press each key when the menu before it has been answered; `taken` steps were taken before."""
    for before, key in enumerate(keys, taken):
        watch.wait(lambda _, enough=before: steps_of(watch, interaction_id) >= enough, f"step {before} of the menu")
        call.press(key)


def to_queue(halo: House, watch: EventWatch, keys: str, number: str = "") -> tuple[Call, str]:
    """A stranger calls, from this number where it matters, and presses `keys` (the first chooses the language).

    Returns the call and its interaction, in line.
    """
    call = halo.dial(number).wait_answered()
    interaction_id = interaction_of(call, watch)
    press_through(call, interaction_id, watch, keys)
    watch.wait(
        lambda event: event.kind is EventKind.INTERACTION_QUEUED and event.interaction_id == interaction_id, "the caller in line"
    )
    return call, interaction_id


def changed(watch: EventWatch, interaction_id: str, action: str) -> Event:
    """The agent's change of this kind for this interaction."""
    return watch.wait(
        lambda event: (
            event.kind is EventKind.AGENT_STATE_CHANGED
            and event.interaction_id == interaction_id
            and event.data["action"] == action
        ),
        f"{action} for {interaction_id}",
    )
