"""How long a sentence takes: from its sound where that is known, else from its letters."""

import wave
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from core.errors import BadInput
from ivr.catalogue import text_of
from ivr.line import Prompt

Sentence = tuple[str, str, str]  # key, language, text
# The shipped voice: 13.6 letters a second over every shipped sentence in both languages, and a breath after each.
_LETTERS_PER_S, _BREATH_S = 13.6, 0.2


def sentence_of(prompt: Prompt) -> Sentence:
    """What tells a sentence without fields from every other one."""
    return prompt.key, prompt.language, prompt.text


def seconds_from(known: Mapping[Sentence, float]) -> Callable[[Prompt], float]:
    """Tells how long a sentence takes; `known` are those that were measured."""

    def seconds(prompt: Prompt) -> float:
        found = None if prompt.values else known.get(sentence_of(prompt))
        return _unmeasured_s(prompt) if found is None else found

    return seconds


def _unmeasured_s(prompt: Prompt) -> float:
    try:
        return estimated_s(text_of(prompt))
    except BadInput:
        return 0.0  # a finding of its own


def estimated_s(text: str) -> float:
    """How long the shipped voice speaks for a text, give or take a tenth."""
    return len(text) / _LETTERS_PER_S + _BREATH_S


def measured(prompts: Iterable[Prompt], file_for: Callable[[Prompt], Path]) -> dict[Sentence, float]:
    """How long these sentences take, from their sound files."""
    found = {}
    for prompt in prompts:
        with wave.open(str(file_for(prompt)), "rb") as sound:
            found[sentence_of(prompt)] = sound.getnframes() / sound.getframerate()
    return found
