"""The form of a script, checked by pydantic: pages, what to say on them, questions, and the ways that lead on."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from crm.tickets import TicketSubject

SLUG = r"^[a-z][a-z0-9_]{0,39}$"
QUEUE_NAME = r"^[a-z][a-z0-9_-]{0,39}$"
LONGEST_TEXT = 500  # of an answer in words
MOST_PAGES = 200


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Wording(_Part):
    """The same words in each language that Halo speaks; neither may be missing or empty."""

    id: str = Field(min_length=1, max_length=1000)
    en: str = Field(min_length=1, max_length=1000)

    def in_language(self, language: str) -> str:
        """The words for this language; English for any other than Indonesian."""
        return self.id if language == "id" else self.en


Condition = Annotated[dict[str, Any], Field(min_length=1)]
"""Facts by name with what they must be, all of them; see scripts.conditions."""


class Branch(_Part):
    """A way on, taken when `when` holds; without it always."""

    page: str = Field(pattern=SLUG)
    when: Condition | None = None


def _branches(given: Any) -> Any:
    """A page's name is the one branch that is always taken."""
    return [{"page": given}] if isinstance(given, str) else given


Next = Annotated[tuple[Branch, ...], BeforeValidator(_branches)]
"""The first branch whose condition holds is taken; written as a page's name, or as a list."""


class Answer(_Part):
    """Something the customer may say; it leads on by its own `next`, else by the page's."""

    name: str = Field(pattern=SLUG)
    label: Wording
    next: Next = ()


class QuestionType(StrEnum):
    """What the answer to a question is."""

    YES_NO = "yes_no"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    TEXT = "text"


class Question(_Part):
    """A question whose answer is typed in, or yes or no.

    `at_least` and `at_most` are bounds: of a number, of rupiah, of days from today, and `at_most` of the letters of a text.
    `yes` and `no` are the ways on of a question of that kind, where the page has no `next`.
    """

    type: QuestionType
    label: Wording | None = None
    at_least: int | None = None
    at_most: int | None = None
    may_be_empty: bool = False
    yes: Next = ()
    no: Next = ()


class PassedOver(_Part):
    """The page is not shown when `when` holds; `next` is shown instead."""

    when: Condition
    next: Next = Field(min_length=1)


class OpenTicket(_Part):
    """A ticket, opened when the agent presses the button. `words` is its subject, in the customer's language."""

    does: Literal["open_ticket"]
    about: TicketSubject
    words: Wording | None = None


class WriteNote(_Part):
    """A line of the agent's note, written when the page is reached."""

    does: Literal["write_note"]
    words: Wording


class ScheduleCall(_Part):
    """Halo calls the customer again at a time that the agent chooses."""

    does: Literal["schedule_call"]


class MakeOffer(_Part):
    """The offer that fits the customer, where one may be made to them; answered as beside the call."""

    does: Literal["offer"]


class Transfer(_Part):
    """The caller is handed over to a queue when the agent presses the button. `words` are for whoever has them next."""

    does: Literal["transfer"]
    to: str = Field(pattern=QUEUE_NAME)
    words: Wording | None = None


Action = Annotated[OpenTicket | WriteNote | ScheduleCall | MakeOffer | Transfer, Field(discriminator="does")]
ACTIONS = ("open_ticket", "write_note", "schedule_call", "offer", "transfer")


class ScriptPage(_Part):
    """One page: `answers` to choose from, or a question to `ask`, or neither, and then only something to say.

    Without a way on it is an end, where `dispositions` name the codes that fit.
    """

    name: str = Field(pattern=SLUG)
    title: Wording
    say: Wording
    passed_over: PassedOver | None = None
    answers: tuple[Answer, ...] = Field((), max_length=9)
    ask: Question | None = None
    next: Next = ()
    actions: tuple[Action, ...] = ()
    dispositions: tuple[str, ...] = ()

    @property
    def is_end(self) -> bool:
        """Nothing leads on from here."""
        return not (self.answers or self.ask or self.next)


class Script(_Part):
    """A script. It begins at its first page. Without `queues` it is for all of them.

    It opens by itself where `opens_when` holds, the highest `priority` first; without `opens_when` it is what opens when no
    other does.
    """

    name: str = Field(pattern=SLUG)
    title: Wording
    queues: tuple[Annotated[str, Field(pattern=QUEUE_NAME)], ...] = ()
    opens_when: Condition | None = None
    priority: int = Field(0, ge=-100, le=100)
    pages: tuple[ScriptPage, ...] = Field(min_length=1, max_length=MOST_PAGES)

    @property
    def first(self) -> ScriptPage:
        """Where every conversation begins."""
        return self.pages[0]

    def page(self, name: str) -> ScriptPage | None:
        """The page of this name, or None."""
        return next((page for page in self.pages if page.name == name), None)

    def serves(self, queue: str) -> bool:
        """Whether it is for the callers of this queue."""
        return not self.queues or queue in self.queues
