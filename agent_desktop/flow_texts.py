"""The texts of flows that pages send: what is wrong with one, and keeping it as a draft."""

import threading
from functools import lru_cache

from agent_desktop.roles import user_here
from agent_desktop.sent_text import unwritable_line
from agent_desktop.services import services
from core.errors import NotFound
from core.problem import Problem
from core.text_drafts import Author
from ivr.flow_drafts import FLOW_DRAFTS
from ivr.flow_file import FlowText, read_or_tell, shipped_flow, shipped_flow_names
from ivr.flow_versions import FlowVersionRecord, in_force

_checking = threading.Lock()  # one check at a time: agents' pages come from this process too


def check_flow(flow: str) -> None:
    """Raises NotFound for a flow that there is not."""
    if flow not in shipped_flow_names():
        raise NotFound(f"There is no flow {flow!r}.", "Choose one on the page of flows.")


def keep_text(flow: str, text: str, based_on: int, mark: str) -> str:
    """Keep this as the draft of who is here; returns its mark, "" when it is what is in force. Raises StaleDraft."""
    here, user = services(), user_here()
    with here.database.writing() as session:
        current = in_force(session, flow)
        kept_mark = FLOW_DRAFTS.keep(session, flow, Author(user.login, user.name), text, based_on, mark, here.clock.now())
        if text == content_of(current, flow) and based_on == number_of(current):
            FLOW_DRAFTS.drop(session, flow, user.login)
            kept_mark = ""
        session.commit()
    return kept_mark


def problems_of(text: str, flow: str) -> list[Problem]:
    """What `./halo ivr check` says of this text, and whether it is this flow at all."""
    line = unwritable_line(text)
    if line:
        step = "Take it out, or type the line again."
        return [Problem(f"{flow}, line {line}", "There is a sign here that no text may hold.", step)]
    found = read(text, flow)
    if not isinstance(found, FlowText):
        return list(found)
    other = []
    if found.flow.flow != flow:
        message = f"This flow is called {found.flow.flow!r}, but {flow!r} is edited here."
        other = [Problem(found.place("flow"), message, "Write its own name after `flow:`.")]
    with _checking:
        return other + list(services().press.problems(found))


def read(text: str, flow: str) -> FlowText | tuple[Problem, ...]:
    """The flow of a text, else why it is none; the texts seen last are not read again."""
    return () if unwritable_line(text) else _read(text, flow)


@lru_cache(maxsize=16)
def _read(text: str, flow: str) -> FlowText | tuple[Problem, ...]:
    found = read_or_tell(text, flow)
    return found if isinstance(found, FlowText) else tuple(found)


def content_of(record: FlowVersionRecord | None, flow: str) -> str:
    """The text of a version; of none what Halo ships."""
    return record.content if record else shipped_flow(flow).text


def number_of(record: FlowVersionRecord | None) -> int:
    """The number of a version; of none 0."""
    return record.number if record else 0
