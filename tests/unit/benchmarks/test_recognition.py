"""How the recognition benchmark judges what was heard."""

import numpy as np

from benchmarks.recognition import ONE_LANGUAGE, Heard, Judged, grammar, heard_in, part_of
from benchmarks.spoken_tests import Said, texts
from ivr.hearing import TAKE_FROM
from ivr.speech.phrase_match import SUREST_WITH_DOUBT


def said(kind: str, words: str) -> Said:
    return Said("id", kind, "espeak f2", words, np.zeros(1, np.int16))


def heard(*words: tuple[str, float]) -> Heard:
    return heard_in([{"word": word, "conf": confidence} for word, confidence in words], "id", "menu")


def test_what_is_no_phrase_of_the_menu_leaves_nothing_to_act_on() -> None:
    assert heard() == heard(("[unk]", 1.0)) == heard(("menu", 1.0)) == Heard("", 0.0)
    assert heard(("menu", 0.9), ("utama", 0.4)) == Heard("menu utama", 0.4)
    assert heard(("[unk]", 1.0), ("saldo", 1.0)) == Heard("saldo", SUREST_WITH_DOUBT)


def test_only_sure_words_are_taken() -> None:
    assert Judged(said("menu", "saldo"), "clean", Heard("saldo", TAKE_FROM)).taken
    assert not Judged(said("menu", "saldo"), "clean", Heard("saldo", 0.7)).taken
    assert not Judged(said("out of grammar", "gajah"), "clean", Heard("", 0.0)).taken


def test_digits_are_right_when_they_mean_the_same_number() -> None:
    assert Judged(said("digit string", "dua oh satu"), "clean", Heard("two nol one", 1)).right
    assert not Judged(said("digit string", "dua satu"), "clean", Heard("dua satu satu", 1)).right
    assert not Judged(said("menu", "dua"), "clean", Heard("two", 1)).right


def test_everything_that_is_said_to_a_grammar_is_in_it() -> None:
    for language in ("id", "en"):
        for kind, words in texts(language, 1):
            allowed = grammar(language, kind)
            known = {word for phrase in allowed for word in phrase.split()} if "digit" in kind else allowed
            fits = words in allowed or all(word in known for word in words.split())
            assert fits != (kind == "out of grammar"), (kind, words)
        assert not set(grammar(language, ONE_LANGUAGE)) - set(grammar(language, "digit string"))


def test_a_share_is_taken_evenly() -> None:
    all_said = [said("menu", str(place)) for place in range(100)]
    assert len(part_of(all_said, 0.25)) == 25
    assert part_of(all_said, 1.0) == all_said
