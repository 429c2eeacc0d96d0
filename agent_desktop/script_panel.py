"""The call script beside the call: where it stands is kept per interaction, so that a reload shows the same page."""

from agent_desktop.services import services
from crm.customer_card import CustomerCard
from crm.customers import Language
from routing.place import Place
from scripts import runner
from scripts.fields import script_fields
from scripts.runner import Page, Progress


def speaking_language(place: Place, card: CustomerCard | None) -> str:
    """The language to speak with this caller: what they chose on the phone, else what is on record, else Indonesian."""
    return place.language or (card.language if card and card.language else Language.INDONESIAN.value)


def open_page(place: Place, card: CustomerCard | None, agent_name: str, language: str) -> Page:
    """The script's page as it stands: what is said is read out, so it wants the caller's language; the rest the agent's."""
    script = services().library.for_queue(place.queue)
    return runner.page(script, _progress(place), language, script_fields(card, agent_name, language))


def answers_given(place: Place) -> tuple[str, ...]:
    """The names of the answers that led to the open page, oldest first."""
    return tuple(answer for _page, answer in _progress(place).taken)


def take_answer(place: Place, answer: str) -> None:
    """Go on by an answer of the open page, or back."""
    script = services().library.for_queue(place.queue)
    progress = runner.step(script, _progress(place), answer)
    services().memory.keep_script_progress(place.interaction_id, progress.to_json())


def _progress(place: Place) -> Progress:
    script = services().library.for_queue(place.queue)
    kept = services().memory.script_progress(place.interaction_id)
    return runner.resume(script, kept) if kept else runner.start(script)
