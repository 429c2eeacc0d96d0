"""How each part of a policy is written, for whoever wrote it otherwise."""

from collections.abc import Mapping, Sequence

_NEED = "{skill: sales, at_least: 2}"
_EXAMPLES: Mapping[str, str] = {
    "needs": f"[{_NEED}]", "all_of": f"[{_NEED}, {{skill: english}}]", "any_of": "[{skill: sales}, {skill: billing}]",
    "some_of": "[{skill: sales}, {skill: billing}, {skill: english}]",
    "rings": "[{after_s: 60, drop: [english]}]", "drop": "[english]", "lower": "{sales: 1}",
    "overflow": "[{waiting: 12, also: general}]",
    "label": "{id: Penjualan, en: Sales}",
    "named_agent": "{wait_s: 30}", "last_agent": "{within_h: 24, wait_s: 20}",
    "callback": "{first: customer}", "wrap_up": "{mode: fixed, for_s: 60}",
    "widen": "[{after_s: 20, km: 900}]", "share": "{jakarta: 60, surabaya: 40}",
    "en": "{needs: [{skill: english, at_least: 2}]}", "id": "{needs: [{skill: javanese}]}",
    "order": "{head_start_s: 600}", "credit_s": "{second_call_today: 120}",
    "segments": "{gold: 120}", "reasons": "{complaint: 120}", "where": "{latitude: -7.26, longitude: 112.75}",
    "name": "sales", "skill": "sales", "also": "general", "fallback": "general", "partition": "retail", "time_zone": "Asia/Jakarta",
}  # fmt: skip
_WHOLE: Mapping[str, str] = {
    "queues": ("[{name: sales, label: {id: Penjualan, en: Sales}, answer_within_s: 20, service_target: 0.8, short_abandon_s: 5}]"),
    "sites": ("[{name: jakarta, label: {id: Jakarta, en: Jakarta}, where: Jakarta, time_zone: Asia/Jakarta, hours: always}]"),
    "languages": "{en: {needs: [{skill: english, at_least: 2}]}}",
}
_OF_QUEUES = {"sites": "{near_km: 0, any_after_s: 60}"}


def example_of(path: Sequence[str | int]) -> str | None:
    """What may stand at this place; None where there is no example."""
    names = [step for step in path if isinstance(step, str) and step != "[key]"]
    if not names:
        return None
    is_one_of_a_list = bool(path) and isinstance(path[-1], int)
    found = (_WHOLE if len(names) == 1 and names[0] in _WHOLE else {**_EXAMPLES, **_OF_QUEUES}).get(names[-1])
    if found is None or not is_one_of_a_list:
        return found
    return found.removeprefix("[").removesuffix("]").replace("}, {", "}|{").split("|")[0]
