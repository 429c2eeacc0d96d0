"""One caller's visit to the IVR: what is known so far, for every step of a flow and for whoever takes over."""

from dataclasses import dataclass
from datetime import date, datetime

from ivr.backend import PatientDesk
from ivr.desk import CrmDesk
from ivr.line import CallerLine, Prompt
from ivr.menu import Menu, PersonWanted
from ivr.reasons import Reason

DEFAULT_LANGUAGE = "id"
GENERAL_QUEUE = "general"
MOST_MENUS = 25  # a stuck key goes round and round; a person does not
_PAUSE_S = 0.1


@dataclass(slots=True)
class Visit:
    """The caller's line, the customer records, and `now` as an aware moment in the contact center's own time zone.

    `queue` is where the right person for what the caller is doing now is found; `subject` the reason (ivr.reasons) of
    what they asked last; `heard` the reason of the last answer they heard to its end.
    """

    line: CallerLine
    desk: CrmDesk | PatientDesk
    now: datetime
    language: str = DEFAULT_LANGUAGE
    customer_id: int | None = None
    queue: str = GENERAL_QUEUE
    subject: str = ""
    heard: str = ""
    menus_asked: int = 0

    @property
    def today(self) -> date:
        """The day in the contact center's time zone."""
        return self.now.date()

    def prompt(self, key: str, **values: str) -> Prompt:
        """A sentence in the caller's language."""
        return Prompt(key, self.language, values)

    def identify(self, customer_id: int | None, language: str) -> None:
        """Keep who is calling and in which language, and tell the line."""
        self.customer_id, self.language = customer_id, language
        self.line.identified(customer_id, language)

    def ask(self, menu: Menu, *lead_in: Prompt, pressed: str = "") -> str:
        """Ask a menu in the caller's language; see Menu.ask. Raises PersonWanted after MOST_MENUS of them."""
        self.menus_asked += 1
        if self.menus_asked > MOST_MENUS:
            raise PersonWanted(Reason.WRONG_INPUT)
        return menu.ask(self.line, self.language, *lead_in, pressed=pressed)

    def answer(self, reason: str, prompts: list[Prompt], after: Menu) -> str:
        """Speak an answer, then ask what next. A key pressed in the middle of the answer counts at once."""
        self.subject = reason
        pressed = self.line.ask_keys(*prompts, wait_s=_PAUSE_S)
        if not pressed:
            self.heard = reason
        return self.ask(after, pressed=pressed)
