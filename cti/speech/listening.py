"""Listening to the answer to one question: when it has ended, and how. Time is counted in sound, not by a clock."""

import numpy as np

from cti.speech.messages import Answer, Question, Verdict
from ivr.hearing import ASK_FROM
from ivr.speech.recognizer import BYTES_PER_S, Recognition, SpeechResult

# Speech that began in time is heard to its end, but nobody talks to a menu for longer than this.
LONGEST_SPEECH_S = 6.0
# Below, a rejected sound is a click or a breath: no reason to ask again.
_SHORTEST_SPEECH_S = 0.15
_LOUD = 400.0  # root mean square of a frame; speech on a telephone line lies at 1,000 to 5,000, its noise below 100
_FRAME_BYTES = 320  # 20 ms


class Listening:
    """One question. `hear` may take long, so it is called in a worker thread; one at a time.

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

    def hear(self, sound: bytes) -> Answer | None:
        """Take the next sound (16-bit little-endian, 8 kHz); the answer when the question has ended."""
        self._measure(sound)
        if self._recognition is None:
            return Answer(Verdict.UNKNOWN)
        result = self._recognition.hear(sound)
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
        whole = len(sound) // _FRAME_BYTES * _FRAME_BYTES
        if whole:
            frames = np.frombuffer(sound[:whole], dtype="<i2").reshape(-1, _FRAME_BYTES // 2).astype(np.float64)
            loud = np.nonzero(np.sqrt(np.mean(frames**2, axis=1)) >= _LOUD)[0]
            if len(loud):
                self.loud_until_s = self.heard_s + (int(loud[-1]) + 1) * _FRAME_BYTES / BYTES_PER_S
                self._loud_s += len(loud) * _FRAME_BYTES / BYTES_PER_S
        self.heard_s += len(sound) / BYTES_PER_S
