"""What an order to publish a flow came upon, in the reader's language."""

from collections.abc import Mapping

from flask_babel import gettext

from agent_desktop.flow_problem_words import what_is_wrong, what_to_do
from agent_desktop.texts import _marked
from core.problem import Problem
from ivr.conversations.deviation import Way
from ivr.flow_remark import FAULT, Remark

_NOTHING = "…"
# The words in backquotes are as one writes them in a conversation's file.
_CONVERSATIONS = {
    Way.HEARD_OTHER: _marked("%(title)s (%(file)s, line %(line)s): expected `halo: %(wanted)s`, heard instead: %(instead)s."),
    Way.HEARD_NOTHING: _marked("%(title)s (%(file)s, line %(line)s): expected `halo: %(wanted)s`, heard nothing."),
    Way.HEARD_UNWANTED: _marked("%(title)s (%(file)s, line %(line)s): `%(wanted)s` must not be heard, but was: %(instead)s."),
    Way.ENDED_EARLY: _marked(
        "%(title)s (%(file)s, line %(line)s): the call was over before `caller: %(wanted)s`; it ended: %(instead)s."
    ),
    Way.NOT_ENDED: _marked("%(title)s (%(file)s, line %(line)s): the call should end here, but a question came: %(instead)s."),
    Way.OTHER_END: _marked("%(title)s (%(file)s, line %(line)s): expected `ends: %(wanted)s`; it ended: %(instead)s."),
}
_FIELDS = ("title", "file", "line", "wanted", "instead")


def remark_in_words(remark: Remark) -> str:
    """The remark as its reader understands it; in English where there are no words for it."""
    if remark.code == FAULT:
        return _fault(remark.fields)
    text = _CONVERSATIONS.get(Way(remark.code)) if remark.code in set(Way) else None
    if text is None:
        return remark.text
    return str(gettext(text, **{name: remark.fields.get(name) or _NOTHING for name in _FIELDS}))


def _fault(fields: Mapping[str, str]) -> str:
    problem = Problem(fields.get("place", ""), fields.get("message", ""), fields.get("step", ""))
    said = {"what": what_is_wrong(problem), "step": what_to_do(problem), "line": problem.place.rsplit(" ", 1)[-1]}
    return str(gettext("Line %(line)s: %(what)s %(step)s", **said))
