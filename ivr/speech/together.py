"""Several recognitions of one answer: the shipped model's, and those of larger models for the languages they have."""

from collections.abc import Sequence

from ivr.speech.recognizer import BYTES_PER_S, Recognition, SpeechResult

# How long the others may still come after the first one has finished: their ends of speech lie a little apart.
PATIENCE_S = 0.4


class Together:
    """Listens with all of them; see Recognition. Those that come first count more: give the larger models first.

    Nobody knows beforehand which language a caller will answer in. A model that was not made for it hears nothing in the
    grammar, or is unsure; so words beat none, and among words the first model that is as sure as any other wins.
    """

    def __init__(self, recognitions: Sequence[Recognition]) -> None:
        self._recognitions = list(recognitions)
        self._results: dict[int, SpeechResult] = {}
        self._patience = 0

    @property
    def speaking(self) -> bool:
        return bool(self._results) or any(each.speaking for each in self._recognitions)

    def hear(self, sound: bytes) -> SpeechResult | None:
        waited = bool(self._results)
        for place, recognition in enumerate(self._recognitions):
            result = recognition.hear(sound) if place not in self._results else None
            if result is not None:
                self._results[place] = result
        if waited:
            self._patience -= len(sound)
        elif self._results:
            self._patience = round(PATIENCE_S * BYTES_PER_S)
        if self._results and (len(self._results) == len(self._recognitions) or self._patience <= 0):
            return self._best()
        return None

    def finish(self) -> SpeechResult | None:
        for place, recognition in enumerate(self._recognitions):
            result = recognition.finish() if place not in self._results else None
            if result is not None:
                self._results[place] = result
        return self._best() if self._results else None

    def _best(self) -> SpeechResult:
        results, self._results = self._results, {}
        return max((results[place] for place in sorted(results)), key=lambda result: (bool(result.words), result.confidence))
