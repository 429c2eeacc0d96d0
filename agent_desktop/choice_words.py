"""Why an agent was chosen for a caller, and why each of the other candidates was not: in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from agent_desktop.formats import clock_text, percent
from agent_desktop.policy_words import BALANCES
from agent_desktop.texts import _
from routing.asked_first import AskedAs
from routing.balance import Balance
from routing.why_chosen import Candidate, WhyNot


def chosen_sentences(because: Mapping[str, Any]) -> list[str]:
    """By which rule the engine came to its choice, as it said in the event of the reservation."""
    asked = str(because.get("asked_first") or "")
    if asked in {each.value for each in AskedAs}:
        return [{
            AskedAs.NAMED: _("Asked alone: this customer's own agent."),
            AskedAs.HANDED_OVER: _("Asked alone: they were handed over to this agent."),
            AskedAs.LAST: _("Asked alone: had spoken with them last."),
        }[AskedAs(asked)]]  # fmt: skip
    told = []
    balance = str(because.get("balance") or "")
    if balance in {each.value for each in Balance}:
        told.append(_("The queue's calls go to %(whom)s.", whom=BALANCES[Balance(balance)]))
    if because.get("kept_scarce_free"):
        told.append(_("Before that: whose other skills are least scarce, so that those stay free."))
    if because.get("ring"):
        told.append(_("It was in ring %(ring)s, after %(wait)s.", ring=int(because["ring"]) + 1, wait=_waited(because)))
    return told


def why_not_words(why: WhyNot | None) -> str:
    """Why a candidate was not the one."""
    return "" if why is None else {
        WhyNot.ASKED_LATER: _("is asked later: in a wider ring, or at a site that is liked less"),
        WhyNot.SCARCE: _("has scarcer skills that this call did not need"),
        WhyNot.OCCUPIED: _("was busier today"),
        WhyNot.LESS_PROFICIENT: _("is less proficient"),
        WhyNot.LESS_IDLE: _("had been ready for less long"),
        WhyNot.NUMBER: _("was the same in all of it; the agent's number decides"),
        WhyNot.TURN: _("it was the turn of another site"),
        WhyNot.NOT_THERE: _("would have come first: page or phone were not there, or the site was full"),
    }[why]  # fmt: skip


def score_columns(candidates: Sequence[Candidate], because: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What the candidates were weighed by, column by column: its head and a cell for each of them."""
    found = [(_("Ready for"), [clock_text(each.idle_s) for each in candidates])]
    if any(each.proficiency for each in candidates):
        found.append((_("Proficiency in what was needed"), [str(each.proficiency) for each in candidates]))
    if because.get("kept_scarce_free"):
        found.append((_("Scarcity of their other skills"), [f"{each.cost:.1f}" for each in candidates]))
    if any(each.occupancy is not None for each in candidates):
        cells = ["" if each.occupancy is None else percent(each.occupancy) for each in candidates]
        found.append((_("Busy today, until then"), cells))
    return found


def _waited(because: Mapping[str, Any]) -> str:
    return clock_text(float(because.get("waited_s") or 0))
