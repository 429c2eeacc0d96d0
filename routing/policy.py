"""The policy: the queues, what their callers need, how their circles widen, who comes before whom. Data that people write."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, PrivateAttr, StringConstraints, model_validator

from core.errors import BadInput
from routing.balance import Balance, Choice
from routing.needs import NOTHING, Needs, all_of, relaxed
from routing.needs_form import FORM, MOST_PARTS, Name, NeedForm, Proficiency
from routing.order import HIGHEST, LAST, NORMAL, LineOrder
from routing.overflow import Overflow
from routing.place import Place
from routing.plans import Circle, Plan, Ring, asked_skills

_Words = Annotated[str, StringConstraints(min_length=1, max_length=60)]
_LONGEST_WAIT_S = 86_400.0
_MOST_QUEUES, _MOST_RINGS = 2000, 20


class Widening(BaseModel):
    """From `after_s` of waiting on: skills in `drop` are not asked for any more, those in `lower` at that proficiency only, and
    who could serve the queue `also` may serve these callers too."""

    model_config = FORM

    after_s: float = Field(gt=0, le=_LONGEST_WAIT_S)
    drop: tuple[Name, ...] = ()
    lower: Mapping[Name, Proficiency] = {}
    also: Name | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.drop or self.lower or self.also):
            raise ValueError("a ring that changes nothing")
        return self


class Asking(BaseModel):
    """What is needed of an agent, and how that is relaxed with the wait."""

    model_config = FORM

    needs: tuple[NeedForm, ...] = Field(default=(), max_length=MOST_PARTS)
    rings: tuple[Widening, ...] = Field(default=(), max_length=_MOST_RINGS)

    @model_validator(mode="after")
    def _rings_come_one_after_the_other(self) -> Self:
        starts = [ring.after_s for ring in self.rings]
        if starts != sorted(set(starts)):
            raise ValueError("rings in the order of their time")
        return self

    def at_first(self) -> Needs:
        """What is needed of whoever has not waited yet."""
        return all_of(need.needs() for need in self.needs)

    def after(self, waited_s: float) -> Needs:
        """What is needed after so long a wait."""
        needs = self.at_first()
        for ring in self.rings:
            if ring.after_s <= waited_s:
                needs = relaxed(needs, ring.drop, ring.lower)
        return needs

    def also(self, waited_s: float) -> list[str]:
        """The other queues whose agents may serve these callers after so long a wait."""
        return [ring.also for ring in self.rings if ring.also is not None and ring.after_s <= waited_s]


class Label(BaseModel):
    """What a queue is called, by language."""

    model_config = FORM

    id: _Words
    en: _Words


class LastAgent(BaseModel):
    """Who spoke with an agent within so many hours is offered to that agent alone for the first `wait_s` of waiting."""

    model_config = FORM

    within_h: float = Field(gt=0, le=720)
    wait_s: float = Field(gt=0, le=3600)


class Queue(Asking):
    """One queue. `service_target` is the share (0 to 1) to be answered within `answer_within_s`.

    Which of several able agents gets a call: with `keep_scarce_free` first whoever has the least scarce other skills, then as
    `balance` says. `priority` is 1 to 9, less is more urgent; what a step is worth see `routing.order`.
    """

    name: Name
    label: Label
    answer_within_s: float = Field(gt=0, le=_LONGEST_WAIT_S)
    service_target: float = Field(gt=0, le=1)
    short_abandon_s: float = Field(ge=0, le=_LONGEST_WAIT_S)
    balance: Balance = Balance.LONGEST_IDLE
    keep_scarce_free: bool = Field(default=False, strict=True)
    last_agent: LastAgent | None = None
    overflow: tuple[Overflow, ...] = Field(default=(), max_length=_MOST_RINGS)
    priority: int = Field(default=NORMAL, ge=HIGHEST, le=LAST)

    def label_in(self, language: str) -> str:
        """The queue's name as people of this language read it."""
        return self.label.id if language == "id" else self.label.en


class Policy(BaseModel):
    """All queues in their order, and what a caller's language adds to the needs of any of them. `fallback` is the queue of
    whoever's wish is not known."""

    model_config = FORM

    queues: tuple[Queue, ...] = Field(max_length=_MOST_QUEUES)
    fallback: Name
    languages: Mapping[Literal["id", "en"], Asking] = {}
    order: LineOrder = LineOrder()
    _help: dict[str, tuple[str, ...]] = PrivateAttr(default_factory=dict)
    _plans: dict[tuple[object, ...], Plan] = PrivateAttr(default_factory=dict)  # shared with all that are helped otherwise

    @model_validator(mode="after")
    def _has_a_queue(self) -> Self:
        if not self.queues:
            raise ValueError("no queue")
        return self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the queues, in their order."""
        return tuple(self._by_name)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The skills that any caller may need, where some queue keeps the scarce ones free."""
        return asked_skills(self.plan(queue.name, language) for queue in self.queues for language in ("", *self.languages))

    def helped(self, also: Mapping[str, tuple[str, ...]]) -> "Policy":
        """The same policy while the agents of those queues help a queue, from its callers' first second on."""
        other = self.model_copy()
        other._help = dict(also)
        return other

    def queue(self, name: str) -> Queue:
        """The queue of this name. Raises BadInput when there is none."""
        if name not in self._by_name:
            raise BadInput(f"There is no queue {name!r}.", f"Use one of: {', '.join(self.names)}.")
        return self._by_name[name]

    def find(self, name: str) -> Queue | None:
        """The queue of this name; None when there is none."""
        return self._by_name.get(name)

    def queue_or_fallback(self, name: str) -> Queue:
        """The queue of this name; when it is no more, the one for whoever's wish is not known."""
        return self._by_name.get(name) or self.queue(self.fallback)

    def plan(self, queue: str, language: str, agent: str = "") -> Plan:
        """How the circle of callers of this language in this queue widens, of those whom `agent` alone is offered first: the same
        object for all of them."""
        known = self._plans.get((queue, language, agent, self._help.get(queue)))
        if known is None:
            found = self.queue_or_fallback(queue)
            plan = self._with_last_agent(found, self.plan(queue, language), agent) if agent else self._new_plan(found, language)
            known = self._plans[queue, language, agent, self._help.get(queue)] = plan
        return known

    def last_agent_of(self, place: Place) -> str:
        """Who is asked alone at first, when they are there; "" for nobody."""
        rule = self.queue_or_fallback(place.queue).last_agent
        return place.last_agent if rule is not None and place.last_talk_ago_s <= rule.within_h * 3600 else ""

    def number(self, place: Place) -> float:
        """What orders the one line across all queues, the least first; see `routing.order`."""
        priority = self.queue_or_fallback(place.queue).priority if place.priority is None else place.priority
        credit_s = self.order.credit(place.segment, place.reason, place.second_call)
        return self.order.number(priority, place.queued_at, credit_s)

    def position(self, line: Mapping[str, Place], interaction_id: str) -> int | None:
        """1 for the next to be served of the same queue; None when the interaction does not wait."""
        own = line.get(interaction_id)
        if own is None:
            return None
        mine = (self.number(own), interaction_id)
        return 1 + sum((self.number(place), key) < mine for key, place in line.items() if place.queue == own.queue)

    @cached_property
    def _by_name(self) -> Mapping[str, Queue]:
        return {queue.name: queue for queue in self.queues}

    def _new_plan(self, queue: Queue, language: str) -> Plan:
        speaking = self.languages.get(language) or Asking()  # type: ignore[call-overload]
        starts = sorted({0.0, *(ring.after_s for asking in (queue, speaking) for ring in asking.rings)})
        rings = []
        for start_s in starts:
            spoken = speaking.after(start_s)
            asked = [queue.after(start_s), *(self.queue(name).at_first() for name in self._also(queue, start_s))]
            rings.append(Ring(start_s, tuple(Circle(all_of((needs, spoken))) for needs in asked)))
        return Plan(tuple(rings), Choice(queue.balance, queue.keep_scarce_free))

    def _also(self, queue: Queue, after_s: float) -> list[str]:
        helping = self._help.get(queue.name, ())
        return [*(name for name in helping if name in self._by_name), *queue.also(after_s)]

    @staticmethod
    def _with_last_agent(queue: Queue, plan: Plan, agent: str) -> Plan:
        """The same plan, but that for a while this agent alone is asked."""
        if queue.last_agent is None:
            return plan
        wait_s = queue.last_agent.wait_s
        then = Ring(wait_s, plan.circles_at(plan.ring_at(wait_s)))
        alone = Ring(0, (Circle(NOTHING, agent=agent),))
        return Plan((alone, then, *(ring for ring in plan.rings if ring.after_s > wait_s)), plan.choice)
