"""Steps that callers take in live tests."""

from core.events import Event, EventKind
from ivr.flow_file import shipped_flow
from ivr.line import Prompt
from launch.demo.carrier import Call
from launch.demo.event_watch import EventWatch
from launch.prompts import voice_of
from tests.live.hearing import RATE, heard_at_s, samples
from tests.live.house import House, wait_until

_SETTLES_S = 0.3  # from the end of the words to the music


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


def to_music(halo: House, watch: EventWatch, keys: str, number: str = "") -> tuple[Call, str]:
    """As to_queue, until nobody speaks to the caller any more: from then on keys are those of the line."""
    call, interaction_id = to_queue(halo, watch, keys, number)
    place = halo.store.place(interaction_id)
    assert place is not None
    words = shipped_flow().flow.connecting[place.queue][place.language]
    sound = voice_of(halo.settings).file_for(Prompt(f"connecting_{place.queue}", place.language, text=words))
    length_s = len(samples(sound)) / RATE

    def is_over() -> bool:
        if not call.heard.exists():
            return False
        heard_s = len(samples(call.heard)) / RATE
        return any(begin_s + length_s + _SETTLES_S < heard_s for begin_s in heard_at_s(call.heard, sound))

    wait_until(is_over, "the caller to have heard that they are being connected", 30)
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
