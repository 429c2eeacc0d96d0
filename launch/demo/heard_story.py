"""Whether what was heard in a call is what its conversation says: every sentence, in its order, and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ivr.catalogue import shipped_catalogue, text_of
from ivr.conversations.rehearsal import Rehearsed
from ivr.conversations.story import Acts, Hears
from ivr.flow import Flow
from ivr.line import Prompt
from launch.demo.hearing import ANYWHERE, RATE, Sound, found_at_s, is_heard_whole, samples, speech_s
from launch.demo.listener import EARLY_S

# Sentences with a number that is made up in the call: nobody knows beforehand how they sound.
MADE_UP_IN_THE_CALL = frozenset({"pay_reference", "ticket_opened"})
# Said between others: while records are waited for, and, where talks are recorded, before a caller is connected.
_FILLERS = ("looking_up", "talk_recorded")
_FEWEST_MISSED, _MOST_MISSED = 2, 6  # parts of an eighth of a second more each; see is_heard_whole
_STRAY_S = 0.5  # so much speech between two sentences is a third one; the tone before a recording is shorter


@dataclass(frozen=True)
class Sentence:
    """A sentence that is to be heard, as a sound file. `loose`: it may be cut short, missing, or sound otherwise."""

    prompt: Prompt
    file: Path
    loose: bool = False

    @cached_property
    def sound(self) -> Sound:
        return samples(self.file)

    @property
    def length_s(self) -> float:
        return len(self.sound) / RATE

    @property
    def most_missed(self) -> int:
        """How many parts in a row may be missing: hardly any where another word would make it another sentence."""
        return _FEWEST_MISSED if self.prompt.values else min(_MOST_MISSED, max(_FEWEST_MISSED, int(2 * (self.length_s - 1))))

    def __str__(self) -> str:
        return f'{self.prompt.key} "{text_of(self.prompt)}"'


def sentences_of(reference: Rehearsed, file_for: Callable[[Prompt], Path]) -> list[Sentence]:
    """What is to be heard, in its order."""
    return [
        Sentence(prompt, file_for(prompt), number in reference.cut or prompt.key in MADE_UP_IN_THE_CALL)
        for number, prompt in enumerate(reference.heard)
    ]


@dataclass(frozen=True)
class HeardStory:
    """A call that was held as the rehearsal `reference`; `acted_at_s` is where in its sound each act of the caller lies."""

    reference: Rehearsed
    sentences: Sequence[Sentence]
    sound: Sound
    acted_at_s: Sequence[float]
    flow: Flow
    file_for: Callable[[Prompt], Path]

    def problem(self) -> str:
        """What was heard otherwise than written, with file and line; "" for nothing."""
        begins: list[float | None] = []
        after_s = 0.0
        for number, sentence in enumerate(self.sentences):
            begin_s = self._begin_of(sentence, after_s)
            if begin_s is None and not sentence.loose:
                return self._missing(number, after_s)
            begins.append(begin_s)
            if begin_s is not None:
                after_s = begin_s + (0.0 if sentence.loose else sentence.length_s)
        return self._stray(begins) or self._never()

    def instead(self, after_s: float, before_s: float | None = None) -> str:
        """Which of all known sentences were heard between, for people."""
        known = sorted(
            (begin_s, str(sentence))
            for sentence in self._sentences([*self._known(), *self.reference.heard])
            for begin_s in found_at_s(self.sound, sentence.sound, after_s)
            if (before_s is None or begin_s < before_s) and is_heard_whole(self.sound, sentence.sound, begin_s, _MOST_MISSED)
        )
        return " ".join(dict.fromkeys(shown for _begin_s, shown in known)) or "nothing known"

    def _begin_of(self, sentence: Sentence, after_s: float) -> float | None:
        for begin_s in found_at_s(self.sound, sentence.sound, max(0.0, after_s - EARLY_S), ANYWHERE):
            if sentence.loose or is_heard_whole(self.sound, sentence.sound, begin_s, sentence.most_missed):
                return begin_s
        return None

    def _missing(self, number: int, after_s: float) -> str:
        story, sentence = self.reference.story, self.sentences[number]
        named = self.reference.met.get(number)
        line = named.line if named else self._line_after(number)
        return f"{story.place(line)}: expected {sentence}; heard by phone instead: {self.instead(after_s)}."

    def _line_after(self, number: int) -> int:
        """The line of the act, or of the end, before which a sentence is spoken that the file does not name."""
        story = self.reference.story
        return next((turn.act.line for turn in self.reference.turns if number < turn.spoken), story.ends.line)

    def _stray(self, begins: Sequence[float | None]) -> str:
        """Speech between two sentences of the same turn that follow one another."""
        spoken = {turn.spoken for turn in self.reference.turns}
        for number in range(1, len(begins)):
            before, sentence = self.sentences[number - 1], self.sentences[number]
            begun_s, begins_s = begins[number - 1], begins[number]
            if number in spoken or before.loose or sentence.loose or begun_s is None or begins_s is None:
                continue
            ended_s = begun_s + before.length_s
            gap = self.sound[int(ended_s * RATE) : int(begins_s * RATE)]
            if speech_s(gap) > _STRAY_S and not self._is_filler(ended_s, begins_s):
                place = self.reference.story.place(self._line_after(number))
                return f"{place}: between {before} and {sentence} was heard by phone: {self.instead(ended_s - EARLY_S, begins_s)}."
        return ""

    def _is_filler(self, after_s: float, before_s: float) -> bool:
        languages = {prompt.language for prompt in self.reference.heard}
        fillers = (Prompt(key, language) for key in _FILLERS for language in languages)
        return any(
            begin_s < before_s
            for filler in fillers
            for begin_s in found_at_s(self.sound, samples(self.file_for(filler)), max(0.0, after_s - EARLY_S))
        )

    def _never(self) -> str:
        """Sentences that the file says are not heard in their turn, as far as their sound is known beforehand."""
        turn = 0
        for step in self.reference.story.steps:
            if isinstance(step, Acts):
                turn += 1
                continue
            if step.never and (heard := self._heard_in(turn, self._that_fit(step))):
                return f"{self.reference.story.place(step.line)}: expected {step}; heard by phone: {heard}."
        return ""

    def _heard_in(self, turn: int, prompts: Iterable[Prompt]) -> str:
        begins_s = self.acted_at_s[turn - 1] if turn else 0.0
        ends_s = self.acted_at_s[turn] if turn < len(self.acted_at_s) else len(self.sound) / RATE
        for sentence in self._sentences(prompts):
            if any(at_s < ends_s - EARLY_S for at_s in found_at_s(self.sound, sentence.sound, begins_s)):
                return str(sentence)
        return ""

    def _that_fit(self, step: Hears) -> list[Prompt]:
        return [prompt for prompt in self._known() if step.fits(prompt)]

    def _sentences(self, prompts: Iterable[Prompt]) -> list[Sentence]:
        """One for each sound."""
        files = {self.file_for(prompt): prompt for prompt in prompts}
        return [Sentence(prompt, file) for file, prompt in files.items()]

    def _known(self) -> list[Prompt]:
        """Every sentence whose words are the same in each call, in the languages of this one."""
        languages = {prompt.language for prompt in self.reference.heard}
        flow = [Prompt(key, language, text=words) for key, language, words in self.flow.sentences()]
        return [prompt for prompt in [*flow, *shipped_catalogue().fixed_prompts()] if prompt.language in languages]
