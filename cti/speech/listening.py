"""Listening to the answer to one question: when it has ended, and how. Time is counted in sound, not by a clock."""

import numpy as np

from cti.speech.messages import Answer, Question, Verdict
from cti.speech.silence import FRAME_BYTES, Silence, levels
from ivr.hearing import ASK_FROM
from ivr.speech.recognizer import BYTES_PER_S, Recognition, SpeechResult

# Speech that began in time is heard to its end, but nobody talks to a menu for longer than this.
LONGEST_SPEECH_S = 6.0
# Below, a rejected sound is a click or a breath: no reason to ask again.
_SHORTEST_SPEECH_S = 0.15
_LOUD = 400.0  # root mean square of a frame; speech on a telephone line lies at 1,000 to 5,000, its noise below 100


class Listening:
    """One question. Each piece of sound goes to `passes_over`, which takes no time, and if that says no to `hear`, which may take
    long and so is called in a worker thread; one at a time.

    While the prompt plays only words that are worth something end the question: a cough, or talk with somebody in the room,
    must not stop the prompt. Without a recognition, because nobody knows what to listen for, the first sound ends it.
    """

    def __init__(self, recognition: Recognition | None, question: Question) -> None:
        self._recognition = recognition
        self._prompt_s = question.prompt_s
        self._silent_at_s = question.silent_at_s
        self.heard_s = 0.0
        self.loud_until_s = 0.0
        self._loud_s = 0.0
        self._silence = Silence()

    def passes_over(self, sound: bytes) -> bool:
        """Whether this is silence that the recognition need not hear; it is counted then."""
        if not self._silence.covers(sound) or self._recognition is None or self._recognition.speaking:
            return False
        length_s = len(sound) / BYTES_PER_S
        if self.heard_s + length_s >= self._silent_at_s:
            return False
        self.heard_s += length_s
        self._silence.keep(sound)
        return True

    def hear(self, sound: bytes) -> Answer | None:
        """Take the next sound (16-bit little-endian, 8 kHz); the answer when the question has ended."""
        self._measure(sound)
        if self._recognition is None:
            return Answer(Verdict.UNKNOWN)
        result = self._recognition.hear(self._silence.with_lead(sound))
        answer = self._answer(result) if result is not None else None
        if answer is not None or self.heard_s < self._silent_at_s:
            return answer
        if not self._recognition.speaking:
            return Answer(Verdict.SILENCE)
        if self.heard_s >= self._silent_at_s + LONGEST_SPEECH_S:
            last = self._recognition.finish()
            return (self._answer(last) if last is not None else None) or Answer(Verdict.REJECTED)
        return None

    def _answer(self, result: SpeechResult) -> Answer | None:
        loud_s, self._loud_s = self._loud_s, 0.0
        in_prompt = self.heard_s < self._prompt_s
        if result.words and (not in_prompt or result.confidence >= ASK_FROM):
            return Answer(Verdict.WORDS, result.words, result.confidence)
        if in_prompt or loud_s < _SHORTEST_SPEECH_S:
            return None
        return Answer(Verdict.REJECTED)

    def _measure(self, sound: bytes) -> None:
        loud = np.nonzero(levels(sound) >= _LOUD)[0]
        if len(loud):
            self.loud_until_s = self.heard_s + (int(loud[-1]) + 1) * FRAME_BYTES / BYTES_PER_S
            self._loud_s += len(loud) * FRAME_BYTES / BYTES_PER_S
        self.heard_s += len(sound) / BYTES_PER_S
