"""A place in line: everything needed to serve a caller, small enough to travel with the caller's own channel."""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime

from routing.order import FIRST


@dataclass(frozen=True, slots=True)
class Place:
    """One interaction's place: facts only. What they come to, who may serve it and who is served first, says the policy in force.

    `queued_at` is aware UTC. `priority` is set for a place whose queue does not say it: FIRST, when the agent was lost.
    `channel` is the Asterisk channel that holds the caller; `reason` why they call, a code of ivr.reasons; `segment` the
    customer's, `named_agent` their own agent; `second_call`: they have called before today; `last_agent`: who spoke with them
    last, `last_talk_ago_s` before they came; `region` where they are, a code of crm.regions, with a `confidence` from 0 to 3;
    `ivr_path` what they did.
    `credit_s`: who was handed over counts as having come so much earlier, for what they had waited and talked before; with
    `asked_agent` that agent alone is asked for the first `asked_for_s`.
    `may_record`: they were told that the talk may be recorded, and have not objected; `telling_until_s`: until then, in seconds
    since 1970, they are told at the latest, and whoever answers waits for it; 0 for everybody else.
    `dialled` is the purpose for which an agent calls this customer by hand, "" for everybody else: such a place is never in
    line, and `channel` is "" until their phone is answered; `missed` why it was not ("": it rings, or was answered).
    `callback` is the task of a promised call (0: none): its customer waits at home, at the number `ani`, and `channel` is "" until
    their phone is answered.
    """

    interaction_id: str
    queue: str
    queued_at: datetime
    channel: str
    priority: int | None = None
    customer_id: int | None = None
    ani: str = ""
    language: str = "id"
    reason: str = ""
    segment: str = ""
    named_agent: str = ""
    second_call: bool = False
    last_agent: str = ""
    last_talk_ago_s: float = 0.0
    region: str = ""
    confidence: int = 0
    ivr_path: tuple[str, ...] = field(default=())
    callback: int = 0
    credit_s: float = 0.0
    asked_agent: str = ""
    asked_for_s: float = 0.0
    may_record: bool = False
    telling_until_s: float = 0.0
    dialled: str = ""
    missed: str = ""

    def waited_s(self, now: datetime) -> float:
        """Seconds in line so far."""
        return max(0.0, (now - self.queued_at).total_seconds())

    def moved_to_front(self) -> "Place":
        """The same place, before all others: for one on the line whose agent was lost through no fault of theirs."""
        return replace(self, priority=FIRST, callback=0, asked_agent="", dialled="")

    def handed_on(self, queue: str, now: datetime, asked_agent: str = "", asked_for_s: float = 0.0) -> "Place":
        """The place in `queue` of a caller whom an agent hands over: the wait begins now, the turn is that of who came first.

        Neither their own agent nor who spoke with them last is asked again. They are on the line, so nobody calls them back.
        """
        return replace(
            self, queue=queue, queued_at=now, credit_s=self.credit_s + self.waited_s(now), priority=None, callback=0,
            named_agent="", last_agent="", asked_agent=asked_agent, asked_for_s=asked_for_s, dialled="",
        )  # fmt: skip

    def to_json(self) -> str:
        """One line of ASCII JSON; what is as it nearly always is goes without saying, since the channel has room for so much."""
        body = {name: value for name, value in asdict(self).items() if value != _USUAL.get(name, ...)}
        body["queued_at"] = self.queued_at.isoformat()
        return json.dumps(body, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Place":
        """The place written by `to_json`, of this or another release of Halo. Raises ValueError on anything else."""
        try:
            body = json.loads(text)
            body["queued_at"] = datetime.fromisoformat(body["queued_at"])
            body["ivr_path"] = tuple(body.get("ivr_path", ()))
            return cls(**{name: body[name] for name in _FIELDS if name in body})
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"not a place in line: {problem}") from None


_FIELDS = tuple(each.name for each in fields(Place))
_USUAL = {each.name: each.default for each in fields(Place)}
