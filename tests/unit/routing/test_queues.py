"""The queues file: what is shipped is sound, and each mistake is named with its place."""

import pytest

from core.errors import BadInput
from routing.queues import load_queues
from routing.skills import SkillRequirement

QUEUE = "- {name: a, label: {id: A, en: A}, answer_within_s: 20, service_target: 0.8, short_abandon_s: 5}"


def test_the_shipped_queues_are_labelled_in_both_languages():
    for queue in load_queues().queues:
        assert queue.label_in("id")
        assert queue.label_in("en")


def test_an_english_caller_asks_for_english_until_the_wait_grows():
    needs = load_queues().requirements("billing", "en")
    assert SkillRequirement("billing", 2) in needs
    assert any(need.skill == "english" and need.relax_after_s for need in needs)
    assert all(need.skill != "english" for need in load_queues().requirements("billing", "id"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"queues: [{QUEUE[2:]}]\nfallback: b", "fallback"),
        ("queues: []\nfallback: a", "queues"),
        (f"queues: [{QUEUE[2:].replace('0.8', '80')}]\nfallback: a", "queues.0.service_target"),
        (f"queues: [{QUEUE[2:-1]}, colour: red}}]\nfallback: a", "queues.0.colour"),
        ("queues: [\n", "not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, text, named):
    file = tmp_path / "queues.yaml"
    file.write_text(text)
    with pytest.raises(BadInput, match=named):
        load_queues(file)


def test_an_unknown_queue_is_answered_with_those_there_are():
    with pytest.raises(BadInput, match="sales, billing, technical, general"):
        load_queues().get("nowhere")
