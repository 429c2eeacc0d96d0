"""What is said in the training and by whom: nothing that the measurement needs unseen."""

import random

import pytest

from ivr.speech.phones import PHONES, SILENCE
from ivr.speech.pronunciation import DIGITS
from ivr.speech.training.data_card import Training, data_card
from ivr.speech.training.phrases import NEVER_TRAINED, kept_out
from ivr.speech.training.texts import TextSource
from ivr.speech.training.voices import VOICES, voices_for


@pytest.mark.parametrize("language", ["id", "en"])
def test_words_for_the_measurement_are_never_drawn(language: str) -> None:
    general = ("kucing", "rumah", "house", "window")
    chance, source = random.Random(1), TextSource(language, general)
    drawn = {word for _ in range(3000) for word in source.draw(chance)}
    assert set(DIGITS[language]) <= drawn
    assert not drawn & kept_out(language)
    assert kept_out(language) <= {word for phrase in NEVER_TRAINED[language] for word in phrase.split()}


def test_strings_of_digits_reach_sixteen() -> None:
    chance, source = random.Random(1), TextSource("id", ("rumah",))
    lengths = {sum(word in DIGITS["id"] for word in source.draw(chance)) for _ in range(3000)}
    assert set(range(3, 17)) <= lengths


def test_no_voice_both_trains_and_measures() -> None:
    for engine in ("espeak", "flite", "festival", "hts", "kokoro"):
        for language in ("id", "en"):
            trained = {voice.name for voice in voices_for(engine, language)}
            assert not trained & {voice.name for voice in voices_for(engine, language, held_out=True)}
            assert trained
    assert not {"pico", "mbrola"} & {voice.engine for voice in VOICES}


def test_voices_whose_terms_are_not_for_products_say_nothing() -> None:
    not_free = {"bdl", "clb", "azamat", "nazgul", "aleksandr", "anna", "irina", "talgat", "natia"}
    assert not not_free & {voice.name for voice in VOICES}


def test_a_voice_is_labelled_with_what_it_says() -> None:
    for voice in (each for each in VOICES if each.says is not None):
        assert SILENCE in voice.says
        labels = voice.labels(tuple(phone for phone in PHONES if voice.can_say((phone,))))
        assert set(labels) <= set(PHONES)
    czech = next(voice for voice in VOICES if voice.name == "czech_dita")
    assert czech.labels(("s", "ah", "n")) == ("s", "eh", "n"), "it has no schwa: what is heard is an e"


def test_the_data_card_names_every_voice_and_what_was_not_measured() -> None:
    card = data_card(Training(10, 1.0, 2, 3, 0, 7, -0.1), 2, {"menus": "98 %"})
    assert "Human Indonesian speech was never measured" in card
    assert all(voice.name in card and voice.licence in card for voice in VOICES)
    assert "| menus | 98 % |" in card
    assert "seed 7" in card


def test_the_data_card_says_which_model_the_training_went_on_from() -> None:
    card = data_card(Training(10, 1.0, 2, 3, 24, 7, -0.1, begun=2), 3, {})
    assert "from the weights of version 2" in card
    assert "`./halo models train`, `--from` version 2" in card
    assert "ended by the clock after 24 minutes" in card
    assert "went over 2 telephone lines" in card
    assert "flat start" not in card
    assert "version 0" not in data_card(Training(10, 1.0, 1, 3, 0, 7, -0.1), 3, {})
