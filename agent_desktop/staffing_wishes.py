"""How the planner wants a forecast staffed, as the page's address says it: fields as people write them, faults at their place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agent_desktop.texts import _
from workforce.staff_need import Handled
from workforce.staffing import Wishes, WishWrong

SHARES = ("service_level", "shrinkage", "abandoned_share", "occupancy")  # written in per cent
SECONDS = ("answer_within_s", "asa_s", "patience_s", "aht_s")
_SLOWER = 15.0


@dataclass(frozen=True, slots=True)
class WishForm:
    """What stands in the fields, what is wrong with which, and what is meant; None while anything is wrong."""

    values: Mapping[str, str]
    faults: Mapping[str, str]
    wishes: Wishes | None


def read_wishes(values: Mapping[str, Any], queues: Collection[str]) -> WishForm:
    """Numbers with a comma or a point; empty is as the policy has it, or no such target. Chats at once: `chat=3, mail=2`."""
    written = {name: str(values.get(name, "")).strip()[:200] for name in (*SHARES, *SECONDS, "at_once", "slower")}
    faults: dict[str, str] = {}
    numbers: dict[str, Any] = {}
    for name in (*SHARES, *SECONDS, "slower"):
        text = written[name].replace(",", ".").rstrip("%").strip()
        if not text:
            continue
        try:
            numbers[name] = float(text) / (100 if name in (*SHARES, "slower") else 1)
        except ValueError:
            faults[name] = _("Write a number, such as 12.5.")
    slower = numbers.pop("slower", _SLOWER / 100)
    at_once = _at_once(written["at_once"], slower, queues, faults)
    if faults:
        return WishForm(written, faults, None)
    try:
        return WishForm(written, {}, Wishes(**numbers, at_once=at_once))
    except WishWrong as problem:
        scale = 100 if problem.field in SHARES else 1
        least, most = f"{problem.least * scale:g}", f"{problem.most * scale:g}"
        told = _("At least %(least)s.", least=least)
        if problem.most != float("inf"):
            told = _("From %(least)s to %(most)s.", least=least, most=most)
        return WishForm(written, {problem.field: told}, None)


def _at_once(text: str, slower: float, queues: Collection[str], faults: dict[str, str]) -> dict[str, Handled]:
    found = {}
    if not 0 <= slower <= 10:
        faults["slower"] = _("From %(least)s to %(most)s.", least=0, most=1000)
        return {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        queue, _equals, count = (part.strip() for part in each.partition("="))
        if queue not in queues or not count.isdecimal() or not 1 <= int(count) <= 20:
            faults["at_once"] = _("Write a queue and 1 to 20, such as %(queue)s=3.", queue=next(iter(queues), "chat"))
            return {}
        found[queue] = Handled(int(count), slower)
    return found
