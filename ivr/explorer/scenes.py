"""The scenes of a flow: what is given before a call begins."""

from dataclasses import dataclass, replace

from ivr.conversations.people import WHO
from ivr.flow import Flow
from ivr.visit import GENERAL_QUEUE


@dataclass(frozen=True, slots=True)
class Scene:
    """Who calls which number, whether anybody understands words, whether anybody is there to talk to.

    `closed_queues` are closed by hours of their own. Where the general one is among them, nobody is there.
    """

    caller: str
    listening: bool = True
    is_open: bool = True
    dialled: str = "1500400"
    segment: str = ""
    closed_queues: frozenset[str] = frozenset()

    def __str__(self) -> str:
        more = [
            "" if self.listening else "recogniser dead",
            "" if self.is_open or self.closed_queues else "closed",
            f"closed {' '.join(sorted(self.closed_queues))}" if self.closed_queues else "",
            "" if self.dialled == Scene("").dialled else f"dialled {self.dialled}",
            f"segment {self.segment}" if self.segment else "",
        ]
        return ", ".join([self.caller, *filter(None, more)])


def scenes(flow: Flow) -> list[Scene]:
    """The scenes that this flow knows: every caller; some of them without a recogniser, closed, and by each entry.

    Of its queues all are closed, or all but the general one: in both, where a wish for a person leads does not depend on what
    the caller was doing, which a place leaves out (ivr.explorer.place).

    Each question is walked without a recogniser by itself, so whole calls without one need few callers: one who is known,
    and one whose number is withheld, to whom neither texts nor cards are offered.
    """
    found = [Scene(caller) for caller in WHO if caller != "withheld"]
    found += [Scene(caller, listening=False) for caller in ("Sari", "withheld")]
    some = [Scene("Sari"), Scene("stranger")]
    if flow.closed:
        found += [replace(scene, is_open=False) for scene in some]
    if flow.queues:
        teams = frozenset(flow.queues) - {GENERAL_QUEUE}
        found.append(Scene("Sari", closed_queues=teams))
        found.append(Scene("Sari", is_open=False, closed_queues=teams | {GENERAL_QUEUE}))
    for entry in flow.entries:
        if entry.dialled or entry.segments:
            narrowed = Scene("", dialled=(*entry.dialled, Scene("").dialled)[0], segment=(*entry.segments, "")[0])
            found += [replace(narrowed, caller=scene.caller) for scene in some]
    return found
