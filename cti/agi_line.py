"""A caller on an AGI channel, as the IVR sees one."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from core.clock import Clock
from core.events import Event, EventKind
from cti.agi_session import AgiSession, BadConversation
from cti.agi_speech import VoiceQuestions
from cti.recorded import spoken_in
from cti.speech_answer import Ended
from cti.typed_keys import END_KEY, CallerKeys
from ivr.line import Grammar, Heard, HungUp, InboundCall, Prompt, Recording
from ivr.lost_recordings import recording_file
from ivr.outcome import RouteTo

ANY_KEY = "0123456789*#"
_USUAL_KEY_TO_KEY_S = 4.0
_DATA = re.compile(r"200 result=([0-9*A-D]*)(?:$|#| (\(timeout\))?)")


class AgiLine:
    """Plays the files of prompts, collects keys, has speech recognised, and records.

    `publish` tells the event log; `file_for` gives a prompt's sound file; `voice_questions` has speech recognised: without it
    every question is asked by key.
    What callers say is recorded into the folder `recordings`. `mute` silences whatever records a channel, or lets it go on.
    `typed` has the keys that were pressed while no command read any.
    """

    def __init__(
        self,
        session: AgiSession,
        call: InboundCall,
        file_for: Callable[[Prompt], Path],
        publish: Callable[[Event], object],
        clock: Clock,
        recordings: Path,
        mute: Callable[[str, bool], object],
        voice_questions: VoiceQuestions | None = None,
        typed: CallerKeys | None = None,
    ) -> None:
        self._session = session
        self._call = call
        self._file_for = file_for
        self._publish = publish
        self._clock = clock
        self._recordings = recordings
        self._mute = mute
        self._voice = voice_questions.of(session) if voice_questions is not None else None
        self._typed = typed or CallerKeys(clock)
        self._number_full = False  # the last question took all its keys: a "#" now is the end of that, not an answer to the next
        self._key_to_key_s = 0.0
        self._privacies = 0  # how many blocks that want privacy we are in
        self.steps: list[str] = []
        self.into_line: Callable[[RouteTo, Sequence[Prompt]], object] = lambda _wish, _words: None
        self.in_line = False  # set by `into_line`: the live state knows that they wait

    @property
    def call(self) -> InboundCall:
        return self._call

    def speaks(self, language: str) -> None:
        """The caller has chosen this language; what is said to them from now on is in it."""
        self._call = replace(self._call, language=language)

    def get_ready(self) -> None:
        """Do now what would take a moment at the first question. Raises HungUp."""
        self._wait_from_key_to_key(_USUAL_KEY_TO_KEY_S)
        if self._voice is not None:
            self._voice.connect()

    def close(self) -> None:
        """The script is over: give back what the caller had for themselves."""
        if self._voice is not None:
            self._voice.disconnect()

    def say(self, *prompts: Prompt) -> None:
        for prompt in prompts:
            self.keep_company(prompt)
        self._typed.forget()

    def keep_company(self, prompt: Prompt) -> None:
        self._session.execute("STREAM FILE", self._sound(prompt), "")

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        if not prompts and most > 1:
            self._number_full = False
            return self._read_keys(most, wait_s)
        key = ""
        for prompt in prompts:
            key = self._key_from("STREAM FILE", self._sound(prompt), ANY_KEY)
            if key:
                break
        key = key or self._key_from("WAIT FOR DIGIT", int(wait_s * 1000))
        if self._is_late_end(key) and prompts:  # without any, more of the same number was asked for: it ends here
            return self.ask_keys(*prompts, most=most, wait_s=wait_s)
        return self._keys_from(key, most, wait_s)

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        answer, key = None, self._typed.take_first()
        if self._voice is not None and grammar.speech_set and not key:
            answer = self._voice.ask([self._file_for(prompt) for prompt in prompts], grammar, wait_s, self._typed.wait)
        if answer is not None and answer.ended is Ended.GONE:
            raise HungUp
        if answer is not None and answer.ended is not Ended.WORDS:
            key = self._typed.after(answer.key, 1)
        if key and self._is_late_end(key):
            return self.ask(*prompts, grammar=grammar, most=most, wait_s=wait_s)
        if key:
            return Heard(keys=self._keys_from(key, most, wait_s))
        if answer is None:
            return Heard(keys=self.ask_keys(*prompts, most=most, wait_s=wait_s))
        spoke = answer.ended in (Ended.WORDS, Ended.REJECTED)
        return Heard(words=answer.words, confidence=answer.confidence, spoke=spoke)

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        self.say(*prompts)
        self._recordings.mkdir(parents=True, exist_ok=True)
        file = recording_file(self._recordings, self._call.interaction_id)
        limits = (int(most_s * 1000), "BEEP", f"s={max(1, round(silence_s))}")
        try:
            self._typed.after(_key(self._session.execute("RECORD FILE", str(file.with_suffix("")), "wav", ANY_KEY, *limits)), 1)
            self._file_closed()
            self._typed.forget()
        except HungUp:
            with suppress(HungUp, BadConversation):
                self._file_closed()
            raise HungUp(spoken_in(file)) from None
        return spoken_in(file)

    def stand_in_line(self, wish: RouteTo, *words: Prompt) -> None:
        if self.in_line:
            self.say(*words)
            return
        self.into_line(wish, words)

    @contextmanager
    def private(self) -> Iterator[None]:
        self._privacies += 1
        try:
            if self._privacies == 1:
                self._mute(self._call.channel, True)
            yield
        finally:
            self._privacies -= 1
            if not self._privacies:
                self._mute(self._call.channel, False)

    def entered(self, flow: str, version: int, menu: str = "") -> None:
        self._tell(EventKind.IVR_ENTERED, flow=flow, version=version, menu=menu)

    def note(self, step: str, detail: str = "") -> None:
        self.steps.append(f"{step}:{detail}" if detail else step)
        self._tell(EventKind.IVR_STEP_TAKEN, step=step, detail=detail)

    def identified(self, customer_id: int | None, language: str) -> None:
        self._tell(EventKind.INTERACTION_IDENTIFIED, customer_id=customer_id, language=language)

    def _file_closed(self) -> None:
        """Returns when the file that was recorded last is whole. Asterisk answers RECORD FILE before it closes the file, which
        until then says that it is empty; whatever it answers next, it answers after that."""
        self._session.execute("NOOP")

    def _keys_from(self, key: str, most: int, wait_s: float) -> str:
        """The keys that begin with `key`, which was pressed already ("" for none)."""
        if not key or key == END_KEY:
            return ""
        if most == 1:
            return key
        keys = key + self._read_keys(most - 1, wait_s)
        self._number_full = len(keys) >= most
        return keys

    def _read_keys(self, most: int, wait_s: float) -> str:
        """Up to so many keys, and none behind "#": those that were pressed already, and the others by one command, since a caller
        who types fast, or a phone that dials by itself, now and then presses one between two.
        """
        keys = self._typed.take(most)
        if len(keys) < most and END_KEY not in keys:
            self._wait_from_key_to_key(wait_s)
            missing = most - len(keys)
            keys += self._typed.after(_keys(self._session.try_to("GET DATA", "", int(wait_s * 1000), missing), missing), missing)
        return keys.removesuffix(END_KEY)

    def _wait_from_key_to_key(self, wait_s: float) -> None:
        if wait_s != self._key_to_key_s:
            self._session.execute("SET VARIABLE", "TIMEOUT(digit)", str(wait_s))
            self._key_to_key_s = wait_s

    def _is_late_end(self, key: str) -> bool:
        """Whether this first key only ends the number before it, which was complete without: then the question is asked anew."""
        was_full, self._number_full = self._number_full, False
        return was_full and key == END_KEY

    def _sound(self, prompt: Prompt) -> str:
        return str(self._file_for(prompt).with_suffix(""))

    def _key_from(self, command: str, *arguments: str | int) -> str:
        """The key that ends this command, or one that was pressed before it began; "" for none."""
        return self._typed.take_first() or self._typed.after(_key(self._session.execute(command, *arguments)), 1)

    def _tell(self, kind: EventKind, **data: object) -> None:
        self._publish(Event(kind, self._clock.now(), self._call.interaction_id, data=data))


def _keys(answer: str, most: int) -> str:
    """The keys that GET DATA was answered with: "200 result=4111", "200 result=41 (timeout)". Less than `most` and no time-out:
    a "#" ended them.
    """
    found = _DATA.match(answer)
    if found is None:
        raise BadConversation("GET DATA was not answered with keys")
    return found[1] if found[2] or len(found[1]) == most else found[1] + END_KEY


def _key(result: str) -> str:
    """The key whose code Asterisk answered with; "" for none."""
    try:
        code = int(result or "0")
    except ValueError:
        raise HungUp from None
    return chr(code) if code > 0 else ""
