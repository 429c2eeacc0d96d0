"""What listens to a caller: a recogniser, and one recognition for each question. The engines live in adapters."""

from dataclasses import dataclass
from typing import Protocol

SAMPLE_RATE_HZ = 8000
BYTES_PER_S = 2 * SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class SpeechResult:
    """What was made of one thing that the caller said.

    `words` is a phrase of the grammar, or spoken digits; "" when it was neither. `confidence` is 0 to 1.
    """

    words: str = ""
    confidence: float = 0.0


class Recognition(Protocol):
    """Listens to the answer to one question. Used by one thread at a time, and not again after a result with words."""

    @property
    def speaking(self) -> bool:
        """Whether the caller is in the middle of saying something."""
        ...

    def hear(self, sound: bytes) -> SpeechResult | None:
        """Take the next piece of sound: 16-bit little-endian signed samples, one channel, 8 kHz.

        Returns a result when the caller has finished saying something, and None until then. After a result without words
        it listens on.
        """
        ...

    def finish(self) -> SpeechResult | None:
        """The sound ends here: what has been said so far; None for nothing."""
        ...


class Recognizer(Protocol):
    """Makes recognitions; safe to use from many threads."""

    def start(self, speech_set: str, grammar: str, digits: int = 0, form: str = "") -> Recognition:
        """Listen for what `grammar` of this speech set allows. `digits` is how many a spoken number has, 0: nobody
        knows; `form` names the NumberForm of the numbers that may be said, "" for any digits.

        Raises NotFound when there is no such set or grammar, Unavailable when its model can't be used.
        """
        ...
