"""Holds one conversation by a real call: what is heard decides when the caller acts, and is compared with the file."""

import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from core.bus import EventBus
from core.errors import HaloError, Unavailable
from core.events import Event, EventKind
from ivr.conversations.people import WHO, person_of
from ivr.conversations.rehearsal import Rehearsed
from ivr.conversations.scripted_line import Turn
from ivr.conversations.story import Does, Ends
from ivr.flow import Flow
from ivr.line import Prompt
from ivr.visit import DEFAULT_LANGUAGE
from launch.demo.caller_voice import CallerVoice, language_of
from launch.demo.carrier import Call, Carrier
from launch.demo.event_watch import EventWatch
from launch.demo.heard_story import HeardStory, Sentence, sentences_of
from launch.demo.listener import Listener

REACTS_S = 0.3  # nobody answers in the same moment
TONE_S = 0.8  # until the tone before a recording is over
SLACK_S = 25.0  # how much later than its words take a sentence may come: silences are waited for, and machines are busy
END_TIMEOUT_S = 30.0
_LATE_NEWS_S = 3.0  # the news that a call is over may come before the news of how
_HEARD_WITHIN_S = 16.0  # what was spoken is on record after that, however busy the machine is, and recording told of before
_DECISIVE = frozenset({EventKind.INTERACTION_QUEUED, EventKind.INTERACTION_CONTAINED, EventKind.CALLBACK_PROMISED})


class Otherwise(HaloError):
    """The call went otherwise than its file says; the message names file and line."""

    code = "conversation_went_otherwise"


class PhoneCaller:
    """Calls `hotline` through a carrier.

    `file_for` is the voice of that Halo, `names` its people of conversations by id. `interactions` are those of its calls.
    Recordings of calls that went otherwise than written go to the folder `kept`.
    """

    def __init__(
        self, carrier: Carrier, bus: EventBus, hotline: str, voice: CallerVoice, file_for: Callable[[Prompt], Path],
        names: Mapping[int, str], kept: Path,
    ) -> None:  # fmt: skip
        self._carrier, self._bus, self._hotline = carrier, bus, hotline
        self.voice, self.file_for, self.names = voice, file_for, names
        self._kept = kept
        self.interactions: list[str] = []
        self._dialling: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def hold(self, reference: Rehearsed, flow: Flow) -> str:
        """Hold the conversation as it was rehearsed; returns what went otherwise, "" for nothing. Raises Unavailable."""
        call, watch, interaction_id = self._dial(WHO[reference.story.caller])
        try:
            _Held(self, call, watch, interaction_id, reference, flow).go_through()
        except Otherwise as problem:
            self._keep(call, reference.story.source)
            return problem.message
        finally:
            call.hang_up()
        return ""

    def _keep(self, call: Call, source: str) -> None:
        """What was heard in a call that went otherwise is kept, for people's ears."""
        call.hang_up()
        Listener(call).hear_out()
        self._kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(call.heard, self._kept / Path(source).with_suffix(".wav").name)

    def _dial(self, number: str) -> tuple[Call, EventWatch, str]:
        """One after the other from the same number: the next one to arrive is the one that was dialled."""
        with self._dialling[number]:
            watch = EventWatch(self._bus)
            call = self._carrier.dial(self._hotline, number).wait_answered()
            started = watch.wait(
                lambda event: event.kind is EventKind.INTERACTION_STARTED and event.data["ani"] == number, f"{call.name} to arrive"
            )
        self.interactions.append(started.interaction_id)
        return call, watch, started.interaction_id


class _Held:
    """One conversation in one call."""

    def __init__(
        self, caller: PhoneCaller, call: Call, watch: EventWatch, interaction_id: str, reference: Rehearsed, flow: Flow
    ) -> None:
        self._caller, self._call, self._watch, self._interaction_id = caller, call, watch, interaction_id
        self._reference, self._story, self._flow = reference, reference.story, flow
        self._sentences = sentences_of(reference, caller.file_for)
        self._listener = Listener(call)
        self._acted_at_s: list[float] = []

    def go_through(self) -> None:
        """Raises Otherwise."""
        after_s, heard_to = 0.0, 0
        for turn in self._reference.turns:
            begin_s = self._wait_for_cue(turn, after_s, self._sentences[heard_to : turn.cue + 1])
            after_s = begin_s if turn.act.at_once else begin_s + self._sentences[turn.cue].length_s
            heard_to = turn.cue + 1
            if not self._listener.wait_until(after_s + REACTS_S):
                raise self._ended_before(turn)
            self._acted_at_s.append(after_s)
            self._act(turn)
        self._check_end(self._story.ends)
        self._hear_the_last(after_s)
        self._call.hang_up()
        self._call.ended.wait(_LATE_NEWS_S)
        self._listener.hear_out()
        problem = self._heard().problem()
        if problem:
            raise Otherwise(problem)

    def _wait_for_cue(self, turn: Turn, after_s: float, until_then: list[Sentence]) -> float:
        cue = self._sentences[turn.cue]
        begin_s = self._listener.wait_for(cue.sound, after_s, sum(each.length_s for each in until_then) + SLACK_S)
        if begin_s is None:
            named = self._reference.met.get(turn.cue)
            place = self._story.place(named.line if named else turn.act.line)
            heard = self._heard().instead(after_s)
            raise Otherwise(f"{place}: expected {cue}; heard by phone instead: {heard}.")
        return begin_s

    def _hear_the_last(self, after_s: float) -> None:
        """What was said last is heard to its end: until Halo hangs up, or, in line, until it is over."""
        left = self._sentences[self._spoken() :]
        last = next((sentence for sentence in reversed(left) if not sentence.loose), None)
        within_s = _HEARD_WITHIN_S + sum(sentence.length_s for sentence in left)  # a caller is in line before the first is spoken
        if self._story.ends.how != "queue":
            self._call.ended.wait(_LATE_NEWS_S)
        elif last is not None and (begin_s := self._listener.wait_for(last.sound, after_s, within_s)) is not None:
            self._listener.wait_until(begin_s + last.length_s)

    def _act(self, turn: Turn) -> None:
        act, language = turn.act, self._sentences[turn.cue].prompt.language
        match act.does:
            case Does.PRESS:
                self._call.press(act.what)
            case Does.SAY:
                words = self._caller.voice.says(act.what, language_of(act.what, self._flow, self._sentences[turn.cue].prompt))
                self._call.say(words)
            case Does.SPEAK_UNCLEARLY:
                self._call.say(self._caller.voice.mumbles(language))
            case Does.LEAVE_MESSAGE | Does.LEAVE_MESSAGE_AND_GO:
                self._call.ended.wait(TONE_S)
                self._call.say(self._caller.voice.leaves_message(language))
                if act.does is Does.LEAVE_MESSAGE_AND_GO:
                    self._call.has_spoken.wait(SLACK_S)
                    self._call.hang_up()
            case Does.HANG_UP:
                self._call.hang_up()
            case Does.KEEP_SILENT:
                pass
            case Does.SAY_DOUBTFULLY:
                raise Otherwise(f"{self._story.place(act.line)}: no voice is doubtful at will.")

    def _check_end(self, ends: Ends) -> None:
        """The call must end as its file says. Raises Otherwise."""
        found = self._end()
        wanted = {name: value for name in ("how", "queue", "reason", "language", "customer") if (value := getattr(ends, name))}
        if any(getattr(found, name) != value for name, value in wanted.items()):
            shown, instead = (_in_words(each, wanted) for each in (ends, found))
            raise Otherwise(f"{self._story.place(ends.line)}: expected the end {shown}; by phone it ended: {instead}.")

    def _end(self) -> Ends:
        """How the call ended, by its events."""
        timeout_s = END_TIMEOUT_S + sum(sentence.length_s for sentence in self._sentences[self._spoken() :])
        try:
            decisive = self._first_of(_DECISIVE | {EventKind.INTERACTION_ENDED}, timeout_s, "the end of the call")
        except Unavailable:
            place = self._story.place(self._story.ends.line)
            heard = self._heard().instead(self._acted_at_s[-1] if self._acted_at_s else 0.0)
            raise Otherwise(f"{place}: expected the end; the call went on by phone, and this was heard: {heard}.") from None
        if decisive.kind is EventKind.INTERACTION_ENDED and self._story.ends.how != "turned away":
            with suppress(Unavailable):  # nothing was settled: the caller is gone
                decisive = self._first_of(_DECISIVE, _LATE_NEWS_S, "how the call ended")
        known = [
            event
            for event in self._watch.events
            if event.interaction_id == self._interaction_id and event.kind is EventKind.INTERACTION_IDENTIFIED
        ]
        who = known[-1].data if known else {}
        data = decisive.data
        customer_id = data.get("customer_id", who.get("customer_id"))
        common = {
            "reason": str(data.get("reason", "")), "language": str(data.get("language") or who.get("language") or DEFAULT_LANGUAGE),
            "customer": person_of(customer_id, self._caller.names),
        }  # fmt: skip
        hung_up = any(turn.act.does is Does.HANG_UP for turn in self._reference.turns)
        match decisive.kind:
            case EventKind.INTERACTION_QUEUED:
                return Ends(0, "queue", str(data["queue"]), **common)
            case EventKind.CALLBACK_PROMISED:
                return Ends(0, "callback", str(data["queue"]), **common)
            case EventKind.INTERACTION_CONTAINED:
                return Ends(0, "gone" if hung_up else "contained", **common)
            case _:
                return Ends(0, "gone" if hung_up else "turned away", **common)

    def _first_of(self, kinds: frozenset[EventKind], timeout_s: float, what: str) -> Event:
        return self._watch.wait(
            lambda event: event.kind in kinds and event.interaction_id == self._interaction_id, what, timeout_s
        )  # fmt: skip

    def _spoken(self) -> int:
        return self._reference.turns[-1].spoken if self._reference.turns else 0

    def _ended_before(self, turn: Turn) -> Otherwise:
        return Otherwise(f"{self._story.place(turn.act.line)}: expected the caller {turn.act}; by phone the call ended before.")

    def _heard(self) -> HeardStory:
        return HeardStory(
            self._reference, self._sentences, self._listener.sound, self._acted_at_s, self._flow, self._caller.file_for
        )  # fmt: skip


def _in_words(ends: Ends, wanted: Mapping[str, str]) -> str:
    further = [f"{name} {getattr(ends, name)}" for name in wanted if name not in ("how", "queue")]
    return ", ".join([f"{ends.how} {ends.queue}".strip(), *further])
