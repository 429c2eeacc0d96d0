"""What an order to publish a flow came upon, kept so that each page can say it in its reader's language."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.problem import Problem
from ivr.conversations.deviation import Deviation

FAULT = "fault"
_MOST = 20
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Remark:
    """`text` says it in English. `code` and `fields` are for pages, which have the words: FAULT with place, message and step of
    a Problem; a Way in which a conversation went otherwise, with its title and the fields of its Deviation; "" for neither."""

    text: str
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def remark_on_fault(problem: Problem) -> Remark:
    """A fault of the flow."""
    return Remark(str(problem), FAULT, {"place": problem.place, "message": problem.message, "step": problem.next_step})


def remark_on_conversation(title: str, deviation: Deviation) -> Remark:
    """A conversation that went otherwise than written."""
    return Remark(f"{title}: {deviation}", deviation.way.value, {"title": title, **deviation.fields()})


def remarks_to_json(remarks: Iterable[Remark]) -> str:
    """The first of them, each shortened to what fits a page."""
    return json.dumps([
        {"text": one.text[:_LONGEST], "code": one.code, "fields": {name: value[:_LONGEST] for name, value in one.fields.items()}}
        for one in list(remarks)[:_MOST]
    ])  # fmt: skip


def remarks_from_json(told: str) -> list[Remark]:
    """What remarks_to_json wrote; a text alone, as it was written once, is a remark without a code."""
    return [
        Remark(str(one["text"]), str(one["code"]), dict(one["fields"])) if isinstance(one, dict) else Remark(str(one))
        for one in json.loads(told)
    ]
