"""Which phone follows which in the training material: the denominator of the training, and the sound of an unknown word."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ivr.speech.phones import Pronunciation
from ivr.speech.training.network import ALL_PHONES, COUNT, PHONE_NUMBERS

_FLOOR = 0.5
_SILENT_START, _SILENT_GAP = 0.9, 0.3
Probabilities = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class PhoneModel:
    """Probabilities: `start` of each phone first, `follow[a, b]` of b after a, `end` after a. Rows of follow and end sum to 1."""

    start: Probabilities
    follow: Probabilities
    end: Probabilities


def count_phones(utterances: Sequence[Sequence[Pronunciation]], seed: int) -> PhoneModel:
    """The model of these utterances, with silences put where people are silent: around most, between some words."""
    chance = random.Random(seed)  # noqa: S311  (training material, not secrets)
    start, end = np.full(COUNT, _FLOOR), np.full(COUNT, _FLOOR)
    follow = np.full((COUNT, COUNT), _FLOOR)
    follow[0, 0] = 0
    for words in utterances:
        numbers = _with_silences(words, chance)
        start[numbers[0]] += 1
        end[numbers[-1]] += 1
        np.add.at(follow, (numbers[:-1], numbers[1:]), 1)
    total = follow.sum(1) + end
    return PhoneModel(start / start.sum(), follow / total[:, None], end / total)


def known_phones(model: PhoneModel) -> dict[str, object]:
    """What the graph compiler reads of it: the phones, and the cost (-log) of each after each."""
    costs = -np.log(np.maximum(model.follow, 1e-9))
    return {"phones": list(ALL_PHONES), "follow": [[round(float(cost), 3) for cost in row] for row in costs]}


def _with_silences(words: Sequence[Pronunciation], chance: random.Random) -> list[int]:
    numbers = [0] if chance.random() < _SILENT_START or not words else []
    for place, word in enumerate(words):
        numbers += [PHONE_NUMBERS[phone] for phone in word]
        last = place == len(words) - 1
        if chance.random() < (_SILENT_START if last else _SILENT_GAP):
            numbers.append(0)
    return numbers
