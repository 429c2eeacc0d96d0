"""The shipped scripts, which of several opens, and what the library refuses."""

from pathlib import Path

import pytest

from core.errors import BadInput
from core.problem import Faults
from ivr.reasons import Reason
from routing.policy_file import shipped_policy
from scripts.checks import Surroundings, script_faults
from scripts.library import SHIPPED_FOLDER, Library, ScriptVersion, load_library
from scripts.samples import samples
from tests.unit.scripts.small_scripts import LIBRARY, NOW, SCRIPTS, end, read, script, text_of

QUEUES = [queue.name for queue in shipped_policy().policy.queues]


def write(folder: Path, data: object, name: str = "general.yaml") -> Path:
    (folder / name).write_text(text_of(data), encoding="utf-8")
    return folder


def of(*data: dict[str, object]) -> Library:
    return Library(tuple(ScriptVersion(read(one).script) for one in data))


def test_the_shipped_scripts_go_with_what_is_shipped_around_them() -> None:
    around = Surroundings(QUEUES, [reason.value for reason in Reason])
    assert {file.stem for file in SHIPPED_FOLDER.glob("*.yaml")} == {each.name for each in SCRIPTS}
    assert [fault for each in SCRIPTS for fault in script_faults(each, around)] == []


def test_every_queue_that_is_shipped_has_its_own_script_and_any_other_the_general_one() -> None:
    for queue in QUEUES:
        assert LIBRARY.opening(queue, {}).script.name == queue
    assert LIBRARY.opening("brand_new", {}).script.name == "general"


def test_the_script_for_overdue_bills_opens_by_itself() -> None:
    late, newcomer, stranger = (sample.situation().known for sample in samples("billing", NOW))
    assert LIBRARY.opening("billing", late).script.name == "overdue"
    assert LIBRARY.opening("billing", newcomer).script.name == "billing"
    assert LIBRARY.opening("billing", stranger).script.name == "billing"
    assert LIBRARY.opening("sales", late).script.name == "sales"


def test_whom_an_agent_calls_by_hand_is_not_welcomed_like_a_caller() -> None:
    late = samples("billing", NOW)[0].situation().known
    for queue in QUEUES:
        for purpose in ("service", "sales"):
            assert LIBRARY.opening(queue, {**late, "dialled_for": purpose}).script.name == "calling"


def test_of_several_that_fit_the_priority_says_then_the_queues_own() -> None:
    fits = {"opens_when": {"segment": "vip"}}
    library = of(
        script(end(), name="general"), script(end(), name="own", queues=["billing"]),
        script(end(), name="any_vip", **fits), script(end(), name="vip", queues=["billing"], **fits),
        script(end(), name="urgent", priority=1, opens_when={"segment": "vip", "order_late": True}),
    )  # fmt: skip
    known = {"segment": "vip", "order_late": False}
    assert library.opening("billing", known).script.name == "vip"
    assert library.opening("sales", known).script.name == "any_vip"
    assert library.opening("billing", known | {"order_late": True}).script.name == "urgent"
    assert library.opening("billing", {}).script.name == "own"
    assert library.opening("sales", {}).script.name == "general"
    assert [one.script.name for one in library.choices("billing")] == ["own", "vip", "any_vip", "general", "urgent"]


def test_a_library_that_no_check_has_seen_opens_something_all_the_same() -> None:
    assert of(script(end(), name="own", queues=["billing"])).opening("sales", {}).script.name == "own"


def test_a_good_folder_is_read(tmp_path: Path) -> None:
    assert load_library(write(tmp_path, script(end()))).opening("sales", {}).script.first.name == "bye"


@pytest.mark.parametrize(("data", "what"), [
    (script(end()), "other.yaml, line 1: There is a script general already, in general.yaml."),
    (script(end(), name="second"), "other.yaml, line 1: general.yaml opens for every queue already."),
    (script(end(), name="second", queues=["sales"], opens_when={"segmen": "vip"}), "other.yaml, line 18: There is no fact segmen."),
])  # fmt: skip
def test_scripts_that_do_not_go_together_are_refused(tmp_path: Path, data: object, what: str) -> None:
    write(tmp_path, data, "other.yaml")
    with pytest.raises(Faults) as refused:
        load_library(write(tmp_path, script(end())))
    assert what in str(refused.value)


def test_two_that_open_for_a_queue_when_no_other_does_are_refused(tmp_path: Path) -> None:
    write(tmp_path, script(end()))
    write(tmp_path, script(end(), name="a", queues=["sales"]), "a.yaml")
    write(tmp_path, script(end(), name="b", queues=["billing", "sales"]), "b.yaml")
    with pytest.raises(Faults, match=r"b\.yaml, line 17: a\.yaml opens for the queue sales already"):
        load_library(tmp_path)


def test_without_one_for_every_queue_or_any_at_all_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There are no scripts in"):
        load_library(tmp_path)
    with pytest.raises(Faults, match="no script for calls of every queue"):
        load_library(write(tmp_path, script(end(), queues=["sales"])))
