"""What Asterisk answers to `SPEECH RECOGNIZE`. Texts hold spaces inside quotes, which no AGI library reads."""

import re
from dataclasses import dataclass
from enum import StrEnum

from cti.speech.messages import Verdict

_KIND = re.compile(r"200 result=1 \((?P<kind>speech|digit|timeout|hangup)\)(?P<rest>.*)", re.DOTALL)
_PAIR = re.compile(r'(\w+)=("[^"]*"|\S*)')


class Ended(StrEnum):
    """How it ended."""

    KEY = "key"
    WORDS = "words"
    REJECTED = "rejected"  # something was said that is not in the grammar
    SILENCE = "silence"
    UNKNOWN = "unknown"  # the recogniser does not have this grammar
    BEHIND = "behind"  # the recogniser has more to hear than it can
    GONE = "gone"  # the caller
    BROKEN = "broken"  # the recogniser


@dataclass(frozen=True, slots=True)
class SpeechAnswer:
    """`key` for Ended.KEY; `words` and `confidence` (0 to 1) for Ended.WORDS."""

    ended: Ended
    key: str = ""
    words: str = ""
    confidence: float = 0.0


def read_speech_answer(line: str) -> SpeechAnswer:
    """Read the answer's line.

    One that makes no sense is Ended.BROKEN; so is a result without results (the recogniser died), and a time-out: the
    recogniser ends every question in time by itself.
    """
    found = _KIND.fullmatch(line.strip())
    if found is None:
        return SpeechAnswer(Ended.BROKEN)
    pairs = {name: value.strip('"') for name, value in _PAIR.findall(found["rest"])}
    match found["kind"]:
        case "digit":
            key = pairs.get("digit", "")
            return SpeechAnswer(Ended.KEY, key=key) if len(key) == 1 and key in "0123456789*#" else SpeechAnswer(Ended.SILENCE)
        case "hangup":
            return SpeechAnswer(Ended.GONE)
        case "timeout":
            return SpeechAnswer(Ended.BROKEN)
    if pairs.get("results", "0") == "0":
        return SpeechAnswer(Ended.BROKEN)
    try:
        verdict, score = Verdict(pairs.get("grammar0", "")), int(pairs.get("score0", "0"))
    except ValueError:
        return SpeechAnswer(Ended.BROKEN)
    if verdict is Verdict.WORDS:
        return SpeechAnswer(Ended.WORDS, words=pairs.get("text0", ""), confidence=min(max(score, 0), 100) / 100)
    return SpeechAnswer(Ended(verdict.value))
