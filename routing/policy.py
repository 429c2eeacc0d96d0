"""The policy: the queues, what their callers need, how their circles widen, who comes before whom. Data that people write."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from core.errors import BadInput
from crm.regions import Confidence, all_regions
from routing.asked_first import AskedAs, AskedFirst, LastAgent, NamedAgent
from routing.balance import Balance, Choice
from routing.label import Label
from routing.needs import NOTHING, Needs, all_of, relaxed
from routing.needs_form import FORM, MOST_PARTS, Name, NeedForm, Proficiency
from routing.order import HIGHEST, LAST, NORMAL, LineOrder
from routing.overflow import Overflow
from routing.place import Place
from routing.plans import ANYWHERE, ELSEWHERE, THEIRS, Circle, Plan, Ring, asked_skills
from routing.site_form import Site, SitesRule
from routing.site_limits import SiteLimits
from routing.site_steps import plan_at_sites, shares_of, site_steps
from routing.wrap_up_rule import WrapUpRule

_LONGEST_WAIT_S = 86_400.0
_MOST_QUEUES, _MOST_RINGS, _MOST_SITES = 2000, 20, 100
MAIN = ""  # the partition of the leader who has all other duties, too


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


class CallFirst(StrEnum):
    """Whose phone is called first for a promised call."""

    AGENT = "agent"
    CUSTOMER = "customer"


class CallBackRule(BaseModel):
    """How customers of a queue are called who keep their place."""

    model_config = FORM

    first: CallFirst = CallFirst.AGENT


class Queue(Asking):
    """One queue. `service_target` is the share (0 to 1) to be answered within `answer_within_s`.

    Which of several able agents gets a call: with `keep_scarce_free` first whoever has the least scarce other skills, then as
    `balance` says. `priority` is 1 to 9, less is more urgent; what a step is worth see `routing.order`. Without `sites` it makes no
    difference where agents are. Queues of one `partition` are served by one leader in one line; "" is the main one.
    """

    name: Name
    label: Label
    answer_within_s: float = Field(gt=0, le=_LONGEST_WAIT_S)
    service_target: float = Field(gt=0, le=1)
    short_abandon_s: float = Field(ge=0, le=_LONGEST_WAIT_S)
    balance: Balance = Balance.LONGEST_IDLE
    keep_scarce_free: bool = Field(default=False, strict=True)
    named_agent: NamedAgent | None = None
    last_agent: LastAgent | None = None
    overflow: tuple[Overflow, ...] = Field(default=(), max_length=_MOST_RINGS)
    sites: SitesRule | None = None
    priority: int = Field(default=NORMAL, ge=HIGHEST, le=LAST)
    callback: CallBackRule = CallBackRule()
    wrap_up: WrapUpRule = WrapUpRule()
    partition: Name = MAIN

    @property
    def longest_alone_s(self) -> float:
        """For how long some callers may wait for one agent alone; 0: nobody does."""
        return max((rule.wait_s for rule in (self.named_agent, self.last_agent) if rule is not None), default=0.0)

    def label_in(self, language: str) -> str:
        """The queue's name as people of this language read it."""
        return self.label.in_language(language)


class Policy(BaseModel):
    """All queues in their order, and what a caller's language adds to the needs of any of them. `fallback` is the queue of
    whoever's wish is not known. `sites` are where agents are."""

    model_config = FORM

    queues: tuple[Queue, ...] = Field(max_length=_MOST_QUEUES)
    fallback: Name
    languages: Mapping[Literal["id", "en"], Asking] = {}
    order: LineOrder = LineOrder()
    sites: tuple[Site, ...] = Field(default=(), max_length=_MOST_SITES)
    _help: dict[str, tuple[str, ...]] = PrivateAttr(default_factory=dict)
    _plans: dict[tuple[object, ...], Plan] = PrivateAttr(default_factory=dict)  # shared with all that are helped otherwise
    _plans_at_sites: dict[object, Plan] = PrivateAttr(default_factory=dict)

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
    def partitions(self) -> tuple[str, ...]:
        """The partitions beside the main one, in the order of their first queues."""
        return tuple(dict.fromkeys(queue.partition for queue in self.queues if queue.partition != MAIN))

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

    def labels_in(self, language: str) -> dict[str, str]:
        """The names of all queues as people of this language read them, by their codes."""
        return {queue.name: queue.label_in(language) for queue in self.queues}

    def queue_or_fallback(self, name: str) -> Queue:
        """The queue of this name; when it is no more, the one for whoever's wish is not known."""
        return self._by_name.get(name) or self.queue(self.fallback)

    def plan(self, queue: str, language: str, alone: AskedFirst | None = None, region: str = "") -> Plan:
        """How the circle of callers of this language in this queue widens, of those whom `alone` is asked for first, and who
        are in this `region` ("": anywhere): the same object for all of them."""
        key = (queue, language, alone, region, self._help.get(queue))
        known = self._plans.get(key)
        if known is None:
            found = self.queue_or_fallback(queue)
            if alone is not None:
                plan = self._asked_alone(self.plan(queue, language, region=region), alone)
            else:
                plan = self._at_sites(found, language, region)
            known = self._plans[key] = plan
        return known

    def region_of(self, place: Place) -> str:
        """Where the caller is, as far as that makes a difference to their queue; "" for anywhere."""
        rule = self.queue_or_fallback(place.queue).sites
        counts = rule is not None and place.confidence >= Confidence.MEDIUM and place.region in all_regions().by_code
        return place.region if counts else ""

    def plan_of(self, place: Place, alone: AskedFirst | None = None) -> Plan:
        """How the circle of this caller widens."""
        return self.plan(place.queue, place.language, alone, self.region_of(place))

    def site(self, name: str) -> Site | None:
        """The site of this name; None when there is none."""
        return self._site_by_name.get(name)

    def site_of_agent(self, site: str) -> str:
        """Where the engine takes an agent to be who is on record at this site."""
        if not self.sites:
            return ANYWHERE
        return site if site in self._site_by_name else ELSEWHERE

    @cached_property
    def site_limits(self) -> tuple[SiteLimits, ...]:
        """What the engine heeds of each site."""
        return tuple(site.limits for site in self.sites)

    def partition_of(self, place: Place) -> str:
        """Whose leader serves this caller. Promised calls are the main one's: their customers' legs are followed there."""
        return MAIN if place.callback else self.queue_or_fallback(place.queue).partition

    def call_first(self, queue: str) -> CallFirst:
        """Whose phone is called first, when it is the turn of somebody of this queue who keeps the place at home."""
        return self.queue_or_fallback(queue).callback.first

    def asked_first(self, place: Place) -> list[AskedFirst]:
        """Who is asked alone at first, when they are there: the first of these who is."""
        if place.asked_agent:
            return [AskedFirst(place.asked_agent, place.asked_for_s, AskedAs.HANDED_OVER)]
        queue, found = self.queue_or_fallback(place.queue), []
        if queue.named_agent is not None and place.named_agent:
            found.append(AskedFirst(place.named_agent, queue.named_agent.wait_s, AskedAs.NAMED))
        rule = queue.last_agent
        if rule is not None and place.last_agent and place.last_talk_ago_s <= rule.within_h * 3600:
            found.append(AskedFirst(place.last_agent, rule.wait_s, AskedAs.LAST))
        return found

    def number(self, place: Place) -> float:
        """What orders the one line across all queues, the least first; see `routing.order`."""
        priority = self.queue_or_fallback(place.queue).priority if place.priority is None else place.priority
        credit_s = self.order.credit(place.segment, place.reason, place.second_call) + place.credit_s
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

    @cached_property
    def _site_by_name(self) -> Mapping[str, Site]:
        return {site.name: site for site in self.sites}

    def _at_sites(self, queue: Queue, language: str, region: str) -> Plan:
        """The plan over the sites, where the queue heeds them; callers who reach the same ones in the same order have the same."""
        if queue.sites is None or not self.sites:
            return self._new_plan(queue, language)
        steps = site_steps(queue.sites, self.sites, language, region)
        key = (queue.name, language, steps, self._help.get(queue.name))
        known = self._plans_at_sites.get(key)
        if known is None:
            shares = shares_of(queue.name, queue.sites, self.sites, language)
            known = plan_at_sites(self._new_plan(queue, language), steps, shares)
            self._plans_at_sites[key] = known
        return known

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

    @classmethod
    def _asked_alone(cls, plan: Plan, alone: AskedFirst) -> Plan:
        """The same plan, but that for a while this agent alone is asked."""
        then = Ring(alone.wait_s, plan.circles_at(plan.ring_at(alone.wait_s)))
        first = Ring(0, (Circle(NOTHING, THEIRS if plan.tiers else ANYWHERE, alone.agent_id),))
        rings = (first, then, *(ring for ring in plan.rings if ring.after_s > alone.wait_s))
        wider = cls._asked_alone(plan.wider, alone) if plan.wider is not None else None
        return replace(plan, rings=rings, wider=wider)
