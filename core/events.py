"""What happened, in the past tense. One log holds them all; everything that is shown or counted is computed from it."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.ids import new_id


class EventKind(StrEnum):
    """Every kind of event that Halo records, with the keys of its data."""

    INTERACTION_STARTED = "InteractionStarted"  # ani, dnis, channel
    INTERACTION_IDENTIFIED = "InteractionIdentified"  # customer_id, language
    IVR_ENTERED = "IvrEntered"  # flow, version (0: the shipped one), menu; told again when the first menu is known
    IVR_STEP_TAKEN = "IvrStepTaken"  # step, detail
    # queue, priority (None: the queue's), reason, language, customer_id, segment, named_agent, second_call, last_agent,
    # last_talk_ago_s, region, confidence, again, callback, since, credit_s
    INTERACTION_QUEUED = "InteractionQueued"
    # queue; expected_s, low_s, high_s from now on, and cause, unless nothing is known. Without interaction: of who would come now
    WAIT_EXPECTED = "WaitExpected"
    QUEUE_OVERFLOWS = "QueueOverflows"  # queue, also (the queues whose agents help), offer_callback, why; all empty: no more
    INTERACTION_ANSWERED = "InteractionAnswered"  # queue, wait_s; of a call-back also callback
    INTERACTION_ABANDONED = "InteractionAbandoned"  # queue, wait_s, ringing
    INTERACTION_HELD = "InteractionHeld"  # why; agent_id: who left it
    INTERACTION_RESUMED = "InteractionResumed"  # why; agent_id: who is back
    INTERACTION_HANDED_OVER = "InteractionHandedOver"  # how (queue, agent, outside, consult), queue, to; agent_id: whose they were
    OUTSIDE_ANSWERED = "OutsideAnswered"  # the number outside to which they were handed over has answered
    CONSULT_CHANGED = "ConsultChanged"  # phase (see routing.consult; "": over), to; agent_id: who asks, or has the caller now
    RECORDING_TOLD = "RecordingTold"  # the caller, who is in line or taken, has heard that it may be recorded, and has not objected
    RECORDING_PAUSED = "RecordingPaused"  # until; agent_id: who paused the recording of the talk
    RECORDING_RESUMED = "RecordingResumed"  # why (agent, time: the bound was reached, over: the talk is)
    # how (key: in the IVR, agent: they told the agent, consent: by that of the customer who they are): nothing is kept of it
    RECORDING_REFUSED = "RecordingRefused"
    RECORDING_FOUND = "RecordingFound"  # is_recorded: whether Asterisk records the talk, as it says
    CALL_CONTROL_ASKED = "CallControlAsked"  # ask, token, queue, agent, number (of a dial purpose, customer_id, language, too)
    CALL_CONTROL_SETTLED = "CallControlSettled"  # ask, asked (the asking event's key), done, why (a code, when not done)
    INTERACTION_DIALLED = "InteractionDialled"  # ani, dnis, queue, purpose, customer_id, language: an agent calls them by hand
    DIAL_PICKED_UP = "DialPickedUp"  # queue, token: the phone of whoever was called by hand was answered
    DIAL_MISSED = "DialMissed"  # why (busy, no_answer, gave_up, failed): it was not
    DIAL_REFUSED = "DialRefused"  # how (dial, hand_over, consult), purpose, why (a code): nothing rang
    ACCESS_REFUSED = "AccessRefused"  # user_id, role, method, endpoint: they had no right to it
    INTERACTION_CONTAINED = "InteractionContained"  # reason
    CALLBACK_PROMISED = "CallbackPromised"  # queue, reason, wait_s: how long they had waited in line, 0 before it
    CALLBACK_TASK_CHANGED = "CallbackTaskChanged"  # queue, change: kept, take, give_back, done, put_off, transcript
    CALLBACK_WITHDRAWN = "CallbackWithdrawn"  # queue: the promised call stands in line no more, and was not begun
    CALLBACK_DIALLED = "CallbackDialled"  # queue, token, first ("agent" or "customer"): the agent is there, the customer is called
    CALLBACK_ON_LINE = "CallbackOnLine"  # queue: the customer who was called first has said that it is them, and waits
    CALLBACK_PICKED_UP = "CallbackPickedUp"  # queue, token: the customer's phone was answered, by whomever
    CALLBACK_MISSED = "CallbackMissed"  # queue, why, tries, next_at ("": there is no other try)
    CALLBACK_TAKEN_OVER = "CallbackTakenOver"  # queue, by: the interaction in which the customer called again
    INTERACTION_ENDED = "InteractionEnded"  # late (true: found gone after we were away)
    AGENT_STATE_CHANGED = "AgentStateChanged"  # action, before, state, reason, token, deadline
    AGENT_NEXT_STATE_CHOSEN = "AgentNextStateChosen"  # reason: Not Ready with it after the call; "": ready
    WRAP_UP_EXTENDED = "WrapUpExtended"  # until
    AGENT_PHONE_CHANGED = "AgentPhoneChanged"  # up
    AGENT_PHONE_CHOSEN = "AgentPhoneChosen"  # kind: which of their phones rings
    # How the line of a talk was, as the agent's browser has measured it: seconds, mos, worst (MOS of its worst five seconds),
    # loss_in, loss_out (shares), jitter_ms, round_trip_ms, bad_s, silent_s
    LINE_MEASURED = "LineMeasured"
    POP_SHOWN = "PopShown"  # token
    POLICY_PUBLISHED = "PolicyPublished"  # number, how, by
    AGENT_SKILLS_CHANGED = "AgentSkillsChanged"  # by, before, after: proficiency by skill
    FLOW_ORDER_CHANGED = "FlowOrderChanged"  # flow, order, way, state, step, done, of, version, by
    ADHERENCE_EXCUSED = "AdherenceExcused"  # excuse, starts_at, ends_at, by, undone: a stretch of this agent's day
    CUSTOMERS_MERGED = "CustomersMerged"  # why (merged, parted): records of whom this agent has in hand became one, or two again
    DISPOSITION_SAVED = "DispositionSaved"  # code
    SCRIPT_PUBLISHED = "ScriptPublished"  # script, number (0: the shipped one), how, by
    SCRIPT_OPENED = "ScriptOpened"  # script, version, page, how ("by_itself" or "chosen")
    # script, version, page, to; answer: the name of a choice, yes, no, next or back; of what was typed in only "typed" or "empty"
    SCRIPT_STEP_TAKEN = "ScriptStepTaken"
    SCRIPT_ACTION_DONE = "ScriptActionDone"  # script, version, page, does
    SCRIPT_ENDED = "ScriptEnded"  # script, version, page, finished (an end of the script was reached), outcome: the disposition
    OFFER_DECIDED = "OfferDecided"  # state: shown, suppressed, held_out, nothing; customer_id, kind, product_id, price_idr, whys
    OFFER_ANSWERED = "OfferAnswered"  # answer: accepted, declined, not_now, undone; customer_id, kind, product_id, price_idr
    TICKET_OPENED = "TicketOpened"  # number, category, priority, team; agent_id: who has it
    TICKET_CHANGED = "TicketChanged"  # number, act, status, category, priority, owner, team; agent_id: who changed it
    FOLLOW_UP_CHANGED = "FollowUpChanged"  # change: added, done, undone, postponed, due
    # change (see agent_desktop.shift_news), day, ask, agents (whom it concerns), everybody (all pages look); agent_id: who
    SHIFTS_CHANGED = "ShiftsChanged"
    ROSTER_CHANGED = "RosterChanged"  # roster, change (workforce.roster_hand.ChangeKind or dropped), cells: how many, by
    CARRIER_STATUS_CHANGED = "CarrierStatusChanged"  # carrier, carrier_id, leg, status, sequence, duration_s, sip_code


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `key` is made by whoever tells it and stays the same when it is told again; `position` is its place in
    the log, given by the log ("" before). `at` is aware UTC. `data` is flat and fits JSON; it may hold personal
    data (a caller's number), so it goes to the database and the pages that may see it, never to a log file.
    """

    kind: EventKind
    at: datetime
    interaction_id: str = ""
    agent_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=new_id)
    position: str = ""

    def to_json(self) -> str:
        """The event without its position, as one line of JSON."""
        body = {
            "kind": self.kind.value,
            "at": self.at.isoformat(),
            "interaction_id": self.interaction_id,
            "agent_id": self.agent_id,
            "data": self.data,
            "key": self.key,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, position: str = "") -> "Event":
        """The event written by `to_json`. Raises ValueError on anything else."""
        body = json.loads(text)
        return cls(
            kind=EventKind(body["kind"]),
            at=datetime.fromisoformat(body["at"]),
            interaction_id=body["interaction_id"],
            agent_id=body["agent_id"],
            data=body["data"],
            key=body["key"],
            position=position,
        )

    def placed(self, position: str) -> "Event":
        """The same event, with its place in the log."""
        return replace(self, position=position)
