"""Speech sets: named by their content, whole or not there, and read back with a word on what is wrong."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import BadInput, Unavailable
from ivr.speech import speech_set as module
from ivr.speech.grammars import GrammarSource
from ivr.speech.model_folder import SHIPPED_FOLDER, load_model_folder
from ivr.speech.pronunciation import DIGITS, YES_NO
from ivr.speech.speech_set import compile_speech_set, load_speech_set, speech_set_id
from ivr.spoken import LANGUAGES

MENUS: Mapping[str, GrammarSource] = {
    "main_menu": GrammarSource({"id": ["Status Pesanan", "tagihan"], "en": ["order status", "billing"]}),
    "order_number": GrammarSource({}, digits=LANGUAGES),
}


def test_a_speech_set_holds_what_the_recogniser_reads(tmp_path: Path) -> None:
    made = compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    told = json.loads((tmp_path / made.id / "grammars.json").read_text())
    assert told == {
        "format": 1,
        "languages": ["en", "id"],
        "grammars": {
            "main_menu": {"phrases": ["status pesanan", "tagihan", "order status", "billing"], "digits": []},
            "order_number": {"phrases": [], "digits": ["id", "en"]},
        },
    }
    assert made == load_speech_set(tmp_path / made.id)
    words = {line.split()[0] for line in (made.model / "graph" / "words.txt").read_text().splitlines()}
    assert {"status", "pesanan", "tagihan", "order", "billing", "[unk]"} <= words
    assert {word for language in ("id", "en") for word in (*DIGITS[language], *YES_NO[language])} <= words


def test_the_same_content_has_the_same_id_and_is_written_once(tmp_path: Path) -> None:
    first = compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    marker = first.folder / "marker"
    marker.touch()
    again = compile_speech_set(SHIPPED_FOLDER, dict(reversed(MENUS.items())), tmp_path)
    assert again.id == first.id == speech_set_id(SHIPPED_FOLDER, MENUS)
    assert marker.exists()
    assert [each.name for each in tmp_path.iterdir()] == [first.id]


def test_other_phrases_or_another_model_have_another_id(tmp_path: Path) -> None:
    usual = speech_set_id(SHIPPED_FOLDER, MENUS)
    assert speech_set_id(SHIPPED_FOLDER, {**MENUS, "order_number": GrammarSource({}, digits=())}) != usual
    assert speech_set_id(SHIPPED_FOLDER, MENUS, "SG") != usual, "telephone numbers are other ones there"
    assert speech_set_id(SHIPPED_FOLDER, {**MENUS, "yes": GrammarSource({"en": ["yes"]})}) != usual
    other = tmp_path / "other"
    shutil.copytree(SHIPPED_FOLDER, other)
    told = json.loads((other / "model.json").read_text())
    told["checksums"]["am/final.mdl"] = "0" * 64
    (other / "model.json").write_text(json.dumps(told))
    assert speech_set_id(other, MENUS) != usual


def test_a_broken_off_writing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(module, "write_graph", full)
        with pytest.raises(Unavailable, match="No space left"):
            compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path).folder.is_dir()


def test_whoever_comes_second_takes_what_the_first_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.write_graph

    def overtaken(*arguments: object) -> None:
        with monkeypatch.context() as alone:
            alone.setattr(module, "write_graph", real)
            compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
        real(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(module, "write_graph", overtaken)
    made = compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [made.id]


def test_words_that_can_not_be_said_are_all_named(tmp_path: Path) -> None:
    menu = {"plans": GrammarSource({"id": ["paket 4g", "paket 24 jam"], "en": ["привет"]})}
    with pytest.raises(BadInput, match=r"'привет'.*'4g'.*'24'|'4g'.*'24'.*'привет'"):
        compile_speech_set(SHIPPED_FOLDER, menu, tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("phrases", [{"fr": ["bonjour"]}, {"en": ["?!"]}])
def test_other_languages_and_empty_phrases_are_refused(tmp_path: Path, phrases: dict[str, list[str]]) -> None:
    with pytest.raises(BadInput, match="plans"):
        compile_speech_set(SHIPPED_FOLDER, {"plans": GrammarSource(phrases)}, tmp_path)


def test_a_damaged_model_is_not_compiled(tmp_path: Path) -> None:
    damaged = tmp_path / "model"
    shutil.copytree(SHIPPED_FOLDER, damaged)
    with (damaged / "am" / "final.mdl").open("ab") as file:
        file.write(b"x")
    assert load_model_folder(damaged).damaged_files() == ["am/final.mdl"]
    with pytest.raises(BadInput, match=r"am/final\.mdl"):
        compile_speech_set(damaged, MENUS, tmp_path / "sets")


def test_the_shipped_model_is_whole() -> None:
    model = load_model_folder()
    assert model.damaged_files() == []
    assert (model.languages, model.sample_rate_hz) == (("id", "en"), 8000)


@pytest.mark.parametrize(("name", "error"), [("grammars.json", Unavailable), ("model/graph/HCLr.fst", Unavailable)])
def test_what_is_missing_is_named(tmp_path: Path, name: str, error: type[Exception]) -> None:
    made = compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    (made.folder / name).unlink()
    with pytest.raises(error, match=name.rpartition("model/")[2]):
        load_speech_set(made.folder)


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"format": 2}', '{"format": 1, "languages": []}', '{"format": 1, "languages": [], "grammars": {"a": 1}}'],
)
def test_grammars_that_can_not_be_read_are_refused(tmp_path: Path, content: str) -> None:
    made = compile_speech_set(SHIPPED_FOLDER, MENUS, tmp_path)
    (made.folder / "grammars.json").write_text(content)
    with pytest.raises(BadInput, match=r"grammars\.json"):
        load_speech_set(made.folder)
