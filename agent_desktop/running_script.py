"""The script of the call in hand: opened by the situation, kept by interaction, in the version in which it was opened."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from agent_desktop.services import services
from agent_desktop.waited import waited_s
from core.events import Event, EventKind
from core.ids import derived_id
from crm.customer_card import CustomerCard
from crm.customers import Language
from routing.live import LiveAgent
from routing.place import Place
from scripts import runner
from scripts.facts import CallFacts, Situation, situation
from scripts.model import Script
from scripts.progress import Kept, Progress, read_kept

BY_ITSELF, CHOSEN = "by_itself", "chosen"


@dataclass(frozen=True, slots=True)
class RunningScript:
    """A script with where it stands in this interaction."""

    interaction_id: str
    script: Script
    progress: Progress
    kept: Kept

    def moved(self, progress: Progress) -> "RunningScript":
        """The same a step further; kept by `keep`."""
        return replace(self, progress=progress, kept=self.kept.moved(progress))


def speaking_language(place: Place, card: CustomerCard | None) -> str:
    """The language to speak with this caller: what they chose on the phone, else what is on record, else Indonesian."""
    return place.language or (card.language if card and card.language else Language.INDONESIAN.value)


def situation_of(session: Session, agent: LiveAgent, place: Place, card: CustomerCard | None) -> Situation:
    """What is known of the call in hand."""
    here = services()
    now = here.clock.now()
    waited = waited_s(session, agent, place)
    call = CallFacts(
        place.queue, speaking_language(place, card), place.reason, place.ivr_path,
        place.waited_s(now) if waited is None else waited, place.second_call, bool(place.callback), place.dialled,
    )  # fmt: skip
    return situation(call, card, now, here.settings.time_zone)


def running_script(place: Place, agent_id: str, known: Situation) -> RunningScript:
    """The script as it stands, whoever went on with it before; opened now when nobody has.

    One whose version is nowhere to be found any more begins anew, as the situation has it.
    """
    here = services()
    kept = read_kept(here.memory.script_progress(place.interaction_id))
    if kept is None:
        kept = _opened(place, agent_id, known)
    script = here.scripts.version(kept.now.script, kept.now.version)
    if script is None:
        progress, script = _beginning(place, known)
        kept = kept.moved(progress)
    return RunningScript(place.interaction_id, script, runner.standing(script, kept.now, known), kept)


def answers_given(place: Place) -> tuple[str, ...]:
    """The answers that led to the open page in the form in which they are kept, oldest first; none before the script is open."""
    kept = read_kept(services().memory.script_progress(place.interaction_id))
    return tuple(one.answer for one in kept.now.taken) if kept is not None else ()


def keep(running: RunningScript) -> None:
    """Keep where the script stands, for a reload and for the next agent."""
    services().memory.keep_script_progress(running.interaction_id, running.kept.moved(running.progress).to_json())


def change_script(running: RunningScript, name: str, agent_id: str, known: Situation) -> RunningScript | None:
    """Open another script by hand, where it stood when it was left; kept. None when there is no such script."""
    here = services()
    before = running.kept.find(name)
    script = here.scripts.version(before.script, before.version) if before else None
    if before is None or script is None:
        library = here.scripts.current()
        found = library.find(name)
        if found is None:
            return None
        found = library.for_call(found, running.interaction_id)
        script, before = found.script, runner.start(found.script, found.number, known)
    kept = running.kept.changed(runner.standing(script, before, known))
    changed = RunningScript(running.interaction_id, script, kept.now, kept)
    keep(changed)
    _tell_opened(changed.interaction_id, agent_id, kept, CHOSEN)
    return changed


def tell(kind: EventKind, running: RunningScript, agent_id: str, key: str, **data: object) -> None:
    """Tell what happened in the script, once for each `key` in an interaction."""
    here, progress = services(), running.progress
    common = {"script": progress.script, "version": progress.version}
    here.bus.publish(
        Event(
            kind, here.clock.now(), running.interaction_id, agent_id, common | data, derived_id(running.interaction_id, kind, key)
        )
    )


def kept_script(interaction_id: str) -> RunningScript | None:
    """The script of an interaction as it was kept last; None when none was opened, or its version is nowhere to be found."""
    here = services()
    kept = read_kept(here.memory.script_progress(interaction_id))
    script = here.scripts.version(kept.now.script, kept.now.version) if kept is not None else None
    return RunningScript(interaction_id, script, kept.now, kept) if kept is not None and script is not None else None


def tell_ended(interaction_id: str, agent_id: str, outcome: str) -> None:
    """An agent has said what came of an interaction; told once for each agent, with the outcome that was said last."""
    running = kept_script(interaction_id)
    if running is not None:
        page = running.script.page(running.progress.page)
        finished = page is not None and page.is_end
        key = f"{agent_id} {outcome}"
        tell(EventKind.SCRIPT_ENDED, running, agent_id, key, page=running.progress.page, finished=finished, outcome=outcome)


def _opened(place: Place, agent_id: str, known: Situation) -> Kept:
    here = services()
    progress, _script = _beginning(place, known)
    mine = Kept((progress,)).to_json()
    first = here.memory.keep_first_script(place.interaction_id, mine)
    kept = read_kept(first) or Kept((progress,))
    if first == mine:
        _tell_opened(place.interaction_id, agent_id, kept, BY_ITSELF)
    return kept


def _beginning(place: Place, known: Situation) -> tuple[Progress, Script]:
    library = services().scripts.current()
    version = library.for_call(library.opening(place.queue, known.known), place.interaction_id)
    return runner.start(version.script, version.number, known), version.script


def _tell_opened(interaction_id: str, agent_id: str, kept: Kept, how: str) -> None:
    here, progress = services(), kept.now
    data = {"script": progress.script, "version": progress.version, "page": progress.page, "how": how}
    key = derived_id(interaction_id, EventKind.SCRIPT_OPENED, str(kept.changes))
    here.bus.publish(Event(EventKind.SCRIPT_OPENED, here.clock.now(), interaction_id, agent_id, data, key))
