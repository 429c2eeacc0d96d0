"""A caller from a conversation file on a line without a phone: acts when it is their turn, and minds what is heard."""

import wave
from array import array
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import pi, sin
from pathlib import Path

from core.ids import new_id
from ivr.catalogue import text_of
from ivr.conversations.deviation import Deviation, Way
from ivr.conversations.story import Acts, Does, Hears, Story
from ivr.hearing import TAKE_FROM, plain_words, spoken_digits_to_keys
from ivr.line import Grammar, Heard, HungUp, InboundCall, Prompt, Recording
from ivr.outcome import RouteTo
from ivr.voice import SAMPLE_RATE_HZ

PAUSE_S = 1.0  # a question with less time than this is a breath between two sentences, not the caller's turn
_SURE, _DOUBTFUL = 1.0, TAKE_FROM - 0.15
_MOST_SHOWN = 6
_MESSAGE_S = 4.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One act of the caller. `spoken` sentences had begun by then; of these, the caller acts when number `cue` (from 0) is
    heard: the last one, or the one that they act over."""

    act: Acts
    spoken: int
    cue: int


class ScriptedLine:
    """Fulfils ivr.line.CallerLine. `deviation` is the first thing that went otherwise than written: the caller hangs up then.

    Keys that one question left over answer the next one; speaking to the end swallows them, as on a real line.
    `met` says which sentence (by its number) is which one of the file's; `cut` are those that an act cuts short, or that
    keys pressed beforehand leave unspoken.
    """

    def __init__(self, story: Story, call: InboundCall, recordings: Path) -> None:
        self._story, self._call, self._recordings = story, call, recordings
        self._steps = list(story.steps)
        self._keys = ""
        self._typed = False
        self._turn_began = 0  # what was heard before belongs to an earlier turn
        self._checked = 0
        self.deviation: Deviation | None = None
        self.heard: list[Prompt] = []
        self.turns: list[Turn] = []
        self.met: dict[int, Hears] = {}
        self.cut: set[int] = set()
        self.notes: list[tuple[str, str]] = []

    @property
    def call(self) -> InboundCall:
        return self._call

    def say(self, *prompts: Prompt) -> None:
        self._hear(prompts)
        self._keys, self._typed = "", False

    def keep_company(self, prompt: Prompt) -> None:
        self._hear((prompt,))

    def ask_keys(self, *prompts: Prompt, most: int = 1, wait_s: float = 5.0) -> str:
        return self._ask(prompts, None, most, wait_s).keys

    def ask(self, *prompts: Prompt, grammar: Grammar, most: int = 1, wait_s: float = 5.0) -> Heard:
        return self._ask(prompts, grammar if self._story.listening else None, most, wait_s)

    def record(self, *prompts: Prompt, most_s: float, silence_s: float) -> Recording | None:
        self.say(*prompts)
        act = self._act(pausing=False, asked_at=len(self.heard))
        if act is not None and act.does is Does.HANG_UP:
            raise HungUp
        if act is None or act.does not in (Does.LEAVE_MESSAGE, Does.LEAVE_MESSAGE_AND_GO):
            return None
        message = _message(self._recordings / f"{new_id()}.wav", min(_MESSAGE_S, most_s))
        if act.does is Does.LEAVE_MESSAGE_AND_GO:
            raise HungUp(message)
        return message

    def stand_in_line(self, wish: RouteTo, *words: Prompt) -> None:
        if words:
            self.say(*words)

    def private(self) -> AbstractContextManager[None]:
        return nullcontext()  # nothing is recorded here

    def entered(self, flow: str, version: int, menu: str = "") -> None:
        """What is told here is for figures; a conversation has none."""

    def note(self, step: str, detail: str = "") -> None:
        self.notes.append((step, detail))

    def identified(self, customer_id: int | None, language: str) -> None:
        """Known to the visit itself, which the end is read from."""

    def finish(self, ended: str) -> Deviation | None:
        """The call ended so: what is still missing; None when all went as written."""
        if self.deviation is None:
            self._check_heard()
        if self.deviation is None and self._steps:
            step = self._steps[0]
            if isinstance(step, Acts):
                self._break(Way.ENDED_EARLY, step.line, str(step), ended)
            else:
                self._miss(step)
        return self.deviation

    def _ask(self, prompts: Sequence[Prompt], grammar: Grammar | None, most: int, wait_s: float) -> Heard:
        asked_at = len(self.heard)
        self._hear(prompts)
        if self._keys or (self._typed and not prompts):
            if self._keys:
                self.cut.update(range(asked_at, len(self.heard)))
            return Heard(keys=self._pressed(most))
        act = self._act(wait_s < PAUSE_S, asked_at)
        if act is None:
            return Heard()
        match act.does:
            case Does.PRESS:
                self._keys, self._typed = act.what, True
                return Heard(keys=self._pressed(most))
            case Does.HANG_UP:
                raise HungUp
            case Does.KEEP_SILENT:
                return Heard()
            case Does.LEAVE_MESSAGE | Does.LEAVE_MESSAGE_AND_GO:
                return Heard(spoke=grammar is not None)  # nobody records here: so much noise
        return _recognised(act, grammar)

    def _act(self, pausing: bool, asked_at: int) -> Acts | None:
        """The caller's turn, if it is theirs now; everything that they must have heard by then was heard.

        The sentences from number `asked_at` on can be acted over.
        """
        if pausing and not any(isinstance(step, Acts) and step.at_once for step in self._to_next_act()):
            return None
        self._check_heard()
        if self.deviation is not None:
            raise HungUp
        if not self._steps:
            self._break(Way.NOT_ENDED, self._story.ends.line, "", self._shown())
            raise HungUp
        act = self._steps.pop(0)
        assert isinstance(act, Acts)
        cue = spoken - 1 if (spoken := len(self.heard)) and not act.at_once else min(max(asked_at, self._checked - 1), spoken - 1)
        if act.at_once:
            self.cut.update(range(cue, spoken))
        self.turns.append(Turn(act, spoken, cue))
        self._turn_began = self._checked = len(self.heard)
        self._typed = False
        return act

    def _to_next_act(self) -> list[Hears | Acts]:
        ahead: list[Hears | Acts] = []
        for step in self._steps:
            ahead.append(step)
            if isinstance(step, Acts):
                break
        return ahead

    def _check_heard(self) -> None:
        while self._steps and isinstance(step := self._steps[0], Hears):
            del self._steps[0]
            turn = self.heard[self._turn_began :]
            if step.never:
                if any(step.fits(prompt) for prompt in turn):
                    self._break(Way.HEARD_UNWANTED, step.line, step.shown, self._shown())
                    return
                continue
            found = next((index for index in range(self._checked, len(self.heard)) if step.fits(self.heard[index])), None)
            if found is None:
                self._miss(step)
                return
            self._checked, self.met[found] = found + 1, step

    def _pressed(self, most: int) -> str:
        pressed = self._keys[:most].partition("#")[0]
        self._keys = self._keys[len(pressed) :]
        if len(pressed) < most:
            self._keys = self._keys.removeprefix("#")
        return pressed

    def _hear(self, prompts: Sequence[Prompt]) -> None:
        self.heard.extend(prompts)

    def _shown(self) -> str:
        turn = self.heard[self._turn_began :]
        return " ".join(f'{prompt.key} "{text_of(prompt)}"' for prompt in turn[-_MOST_SHOWN:])

    def _miss(self, step: Hears) -> None:
        shown = self._shown()
        self._break(Way.HEARD_OTHER if shown else Way.HEARD_NOTHING, step.line, step.shown, shown)

    def _break(self, way: Way, line: int, wanted: str, instead: str) -> None:
        self.deviation = Deviation(way, self._story.source, line, wanted, instead)


def _message(file: Path, length_s: float) -> Recording:
    """A recording as long as a short message: a sound that swells and fades three times a second, as speech does."""
    moments = [index / SAMPLE_RATE_HZ for index in range(int(length_s * SAMPLE_RATE_HZ))]
    samples = [int(8000 * sin(2 * pi * 200 * at) * (1 + sin(2 * pi * 3 * at)) / 2) for at in moments]
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE_HZ)
        sound.writeframes(array("h", samples).tobytes())
    return Recording(file, length_s)


def _recognised(act: Acts, grammar: Grammar | None) -> Heard:
    """What a recogniser would make of it: only what its grammar holds is understood; nothing where nobody listens."""
    if grammar is None:
        return Heard()
    said = plain_words(act.what)
    known = said in [plain_words(phrase) for phrase in grammar.phrases]
    if act.does is Does.SPEAK_UNCLEARLY or not (known or (grammar.digits and spoken_digits_to_keys(act.what))):
        return Heard(spoke=True)
    return Heard(words=" ".join(said), confidence=_SURE if act.does is Does.SAY else _DOUBTFUL, spoke=True)
