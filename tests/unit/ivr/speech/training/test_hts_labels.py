"""Labels of sounds: neighbours, syllables and stress, as a voice's decision trees ask them."""

from pathlib import Path

import pytest

from ivr.speech.training.hts_labels import label_format, labels, vowels

FEATURES = (
    "prev_name", "name", "next_name", "pos_in_syl_fw", "syl_length", "syl_vowel", "syl_stress", "syl_pos_in_word_fw",
    "num_syls_in_word", "word_pos_in_phrase_fw", "dist_to_next_stressed_syl_in_phrase", "unheard_of",
)  # fmt: skip


@pytest.fixture
def language(tmp_path: Path) -> Path:
    """A language of three vowels whose labels name what the tests look at."""
    named = "|\n".join(f'<feature name="{name}"/>' for name in FEATURES)
    (tmp_path / "labelling.xml").write_text(f"<labelling>\n<format>\n{named}\n&amp;\n</format></labelling>", encoding="utf-8")
    sounds = "".join(f'<phoneme name="{sound}" vheight="1" vc="{"+" if sound in "aiu" else "-"}"/>' for sound in "aiustpk")
    (tmp_path / "phonemes.xml").write_text(f"<phonemes>{sounds}</phonemes>", encoding="utf-8")
    return tmp_path


def told(language: Path, phrase: list[str], stressed_from_end: int = 2) -> list[dict[str, str]]:
    written = labels(language, [list(word) for word in phrase], stressed_from_end)
    assert all(label.endswith("&") for label in written)
    return [dict(zip(FEATURES, label.removesuffix("&").split("|"), strict=True)) for label in written]


def test_each_sound_has_a_label_that_names_its_neighbours_and_a_pause_ends_them(language: Path) -> None:
    said = told(language, ["satu"])
    assert [(each["prev_name"], each["name"], each["next_name"]) for each in said] == [
        ("pau", "s", "a"), ("s", "a", "t"), ("a", "t", "u"), ("t", "u", "pau"), ("u", "pau", "x"),
    ]  # fmt: skip


def test_a_consonant_before_a_vowel_belongs_to_its_syllable(language: Path) -> None:
    said = told(language, ["satukas"])[:-1]
    syllables = [(each["syl_pos_in_word_fw"], each["syl_vowel"], each["syl_length"]) for each in said]
    assert syllables == [("1", "a", "2")] * 2 + [("2", "u", "2")] * 2 + [("3", "a", "3")] * 3
    assert [each["pos_in_syl_fw"] for each in said] == ["1", "2", "1", "2", "1", "2", "3"]
    assert {each["num_syls_in_word"] for each in said} == {"3"}


@pytest.mark.parametrize(("from_end", "stressed"), [(2, "tu"), (0, "sa"), (1, "ka")])
def test_the_language_says_which_syllable_is_stressed(language: Path, from_end: int, stressed: str) -> None:
    said = told(language, ["satuka"], from_end)
    assert "".join(each["name"] for each in said if each["syl_stress"] == "1") == stressed


def test_a_word_of_one_syllable_is_stressed_whatever_the_rule(language: Path) -> None:
    assert {each["syl_stress"] for each in told(language, ["pas"])[:-1]} == {"1"}


def test_an_empty_word_is_a_pause_and_counts_as_no_word(language: Path) -> None:
    said = told(language, ["pa", "", "ki"])
    assert [each["name"] for each in said] == ["p", "a", "pau", "k", "i", "pau"]
    assert [each["word_pos_in_phrase_fw"] for each in said] == ["1", "1", "0", "2", "2", "0"]
    assert [each["dist_to_next_stressed_syl_in_phrase"] for each in said[:2]] == ["1", "1"]


def test_a_word_without_a_vowel_is_said_unstressed(language: Path) -> None:
    said = told(language, ["pst"])
    assert [(each["name"], each["syl_vowel"], each["syl_stress"]) for each in said[:3]] == [
        ("p", "x", "0"), ("s", "x", "0"), ("t", "x", "0"),
    ]  # fmt: skip


def test_a_feature_that_we_do_not_know_is_nothing(language: Path) -> None:
    assert {each["unheard_of"] for each in told(language, ["satu"])} == {"0"}


def test_what_a_language_is_comes_from_its_files(language: Path) -> None:
    assert vowels(language) == {"a", "i", "u"}
    assert label_format(language).endswith("&")
    with pytest.raises(OSError, match="nowhere"):
        labels(language / "nowhere", [["a"]], 2)
