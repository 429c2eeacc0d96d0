import re
from pathlib import Path

import pytest

from asterisk_conf.names import DIALPLAN_PROMPTS
from core.errors import BadInput
from crm.orders import OrderStatus
from ivr.catalogue import SHIPPED_FOLDER, load_catalogue, shipped_catalogue, text_of
from ivr.flow_file import shipped_flow
from ivr.line import Prompt
from ivr.menu import MOST_MISHEARD, retry_key
from ivr.reasons import Reason

PACKAGE = SHIPPED_FOLDER.parent


def write(folder: Path, indonesian: str, english: str) -> Path:
    (folder / "id.yaml").write_text(indonesian, encoding="utf-8")
    (folder / "en.yaml").write_text(english, encoding="utf-8")
    return folder


@pytest.mark.parametrize("missed", [Reason.NO_INPUT, Reason.WRONG_INPUT, Reason.NOT_UNDERSTOOD])
def test_every_way_of_missing_an_answer_has_its_words_at_every_try(missed: Reason) -> None:
    keys = {retry_key(missed, number) for number in range(2, 9)}
    assert keys <= set(shipped_catalogue().all_keys())


def test_who_is_not_understood_so_often_that_keys_remain_is_told_so() -> None:
    told = retry_key(Reason.NOT_UNDERSTOOD, MOST_MISHEARD + 1)
    assert "tombol" in text_of(Prompt(told, "id"))
    assert "keys" in text_of(Prompt(told, "en"))


def test_every_order_status_has_its_sentence() -> None:
    assert {f"order_{status.value}" for status in OrderStatus} <= set(shipped_catalogue().all_keys())


def test_every_sentence_named_in_the_code_exists_and_every_sentence_is_used() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    keys = set(shipped_catalogue().all_keys())
    named = set(re.findall(r'(?:prompt|Prompt)\("([a-z0-9_]+)"', code))
    assert named
    assert named <= keys
    families = "greeting|no_key|wrong_key|not_understood|order|ticket_open|ticket_pending|visit_for|pay_declined"
    made = re.compile(rf"({families})_\w+|.*_[123]")
    assert not [key for key in keys - set(DIALPLAN_PROMPTS) if f'"{key}"' not in code and not made.fullmatch(key)]


def test_every_sentence_that_the_dialplan_plays_by_itself_needs_no_values() -> None:
    fixed = {(prompt.key, prompt.language) for prompt in shipped_catalogue().fixed_prompts()}
    assert {(key, language) for key in DIALPLAN_PROMPTS for language in ("id", "en")} <= fixed


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_tries_of_a_question_are_worded_differently(language: str) -> None:
    for menu in shipped_flow().flow.menus.values():
        assert len(set(menu.ask[language])) == menu.tries


@pytest.mark.parametrize("language", ["id", "en"])
def test_sentences_of_the_flow_hold_no_digit_or_sign_that_a_voice_would_stumble_over(language: str) -> None:
    for _key, spoken, words in shipped_flow().flow.sentences():
        assert spoken != language or re.fullmatch(r"[A-Za-z ,.?'-]+", words), words


@pytest.mark.parametrize("language", ["id", "en"])
def test_sentences_hold_no_digit_or_sign_that_a_voice_would_stumble_over(language: str) -> None:
    for key in shipped_catalogue().all_keys():
        sentence = yaml_sentence(language, key)
        assert re.fullmatch(r"[A-Za-z ,.{}_?'-]+", sentence), key


def yaml_sentence(language: str, key: str) -> str:
    line = re.search(rf"^{key}: (.+)$", (SHIPPED_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), re.M)
    assert line, key
    return line.group(1)


def test_fields_are_filled_and_a_missing_one_is_named() -> None:
    assert text_of(Prompt("order_total", "en", {"amount": "ten rupiah"})) == "The total is ten rupiah."
    with pytest.raises(BadInput, match="amount"):
        text_of(Prompt("order_total", "en"))


@pytest.mark.parametrize("prompt", [Prompt("no_such_sentence", "id"), Prompt("welcome", "fr")])
def test_an_unknown_sentence_is_named(prompt: Prompt) -> None:
    with pytest.raises(BadInput, match=prompt.key):
        text_of(prompt)


@pytest.mark.parametrize(
    ("indonesian", "english", "named"),
    [
        ("a: x\nb: x", "a: x", "b"),
        ("a: x {day}", "a: x {amount}", "a has other fields"),
        ("a: x {}", "a: x {}", "plain name"),
        ("a: x {day", "a: x", "id.yaml: a"),
        ("A-b: x", "A-b: x", "A-b"),
        ("a:", "a: x", "a has no sentence"),
        ("- a", "a: x", "id.yaml"),
        ("a: [", "a: x", "id.yaml"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_the_place(tmp_path: Path, indonesian: str, english: str, named: str) -> None:
    with pytest.raises(BadInput, match=re.escape(named)):
        load_catalogue(write(tmp_path, indonesian, english))


def test_a_missing_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"id\.yaml"):
        load_catalogue(tmp_path)
