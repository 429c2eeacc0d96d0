"""The shipped scripts, and what the library refuses."""

from pathlib import Path

import pytest
import yaml

from core.errors import BadInput
from routing.policy_file import shipped_policy
from scripts.library import load_library

GOOD = {
    "name": "general",
    "queue": "general",
    "title": {"id": "Umum", "en": "General"},
    "pages": [
        {
            "name": "hello",
            "title": {"id": "Sapa", "en": "Greet"},
            "say": {"id": "Halo {customer_name}", "en": "Hello {customer_name}"},
            "answers": [{"name": "fine", "label": {"id": "Baik", "en": "Fine"}, "next": "bye"}],
        },
        {
            "name": "bye",
            "title": {"id": "Penutup", "en": "Goodbye"},
            "say": {"id": "Terima kasih", "en": "Thank you"},
            "dispositions": ["solved"],
        },
    ],
}


def write(folder: Path, script: object, name: str = "general.yaml") -> Path:
    (folder / name).write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    return folder


def changed(page: int, **parts: object) -> dict[str, object]:
    pages = [dict(each) for each in GOOD["pages"]]
    pages[page] |= parts
    return {**GOOD, "pages": pages}


def test_every_queue_that_is_shipped_has_its_own_script() -> None:
    library = load_library()
    for queue in shipped_policy().policy.queues:
        assert library.for_queue(queue.name).queue == queue.name


def test_a_queue_without_a_script_gets_the_general_one() -> None:
    assert load_library().for_queue("brand_new").queue == "general"


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert load_library(write(tmp_path, GOOD)).for_queue("general").first.name == "hello"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (changed(0, answers=[{"name": "fine", "label": {"id": "Baik", "en": "Fine"}, "next": "nowhere"}]), "no page 'nowhere'"),
        (changed(0, answers=[], dispositions=["solved"]), "page bye: no answer leads here"),
        (changed(1, dispositions=[]), "page bye: a dead end"),
        (changed(1, dispositions=["order_placed"]), "does not offer the disposition 'order_placed'"),
        (changed(0, say={"id": "Halo"}), "pages.0.say.en: Field required"),
        (changed(0, say={"id": "Halo", "en": "  "}), "pages.0.say.en"),
        (changed(0, say={"id": "Halo {nama}", "en": "Hello"}), "page hello, say, id: unknown field {nama}"),
        (changed(0, say={"id": "Halo", "en": "Hello {"}), "page hello, say, en: a brace"),
        (changed(1, answers=[{"name": "again", "label": {"id": "Lagi", "en": "Again"}, "next": "hello"}]), "circle"),
        ({**GOOD, "colour": "red"}, "colour"),
        ({**GOOD, "queue": "sales"}, "no script for the queue general"),
        ("only a text", "the file"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_place(tmp_path: Path, script: object, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_library(write(tmp_path, script))
    assert told in str(refused.value)
    if "no script" not in told:
        assert "general.yaml: " in str(refused.value)


def test_two_scripts_for_one_queue_are_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(BadInput, match=r"other\.yaml: queue general has a script already"):
        load_library(write(tmp_path, GOOD, "other.yaml"))


def test_broken_yaml_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "general.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(BadInput, match=r"general\.yaml: not valid YAML"):
        load_library(tmp_path)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load_library(write(tmp_path, changed(0, say={"id": "Halo {nama}", "en": "Hello {name}"})))
    assert "{nama}" in str(refused.value)
    assert "{name}" in str(refused.value)
