"""What the explorer tells of a bad flow."""

from ivr.explorer.everything import explore_flow
from ivr.explorer.findings import Fault, findings
from ivr.explorer.scenes import Scene
from ivr.flow_file import read_flow
from tests.unit.ivr.small_flows import QUEUES, SMALL, found


def test_a_small_flow_without_a_fault_has_no_finding() -> None:
    assert found(SMALL) == []


def test_menus_that_send_the_silent_round_and_round() -> None:
    text = (
        SMALL
        + """      - {name: more, key: 2, menu: other}
    on_silence: more
  other:
    ask: {id: [Dua lagi.], en: [Two again.]}
    on_silence: back
    choices: [{name: back, key: 1, menu: main_menu}]
"""
    )
    (finding,) = [finding for finding in found(text, Scene("Sari")) if finding.fault is Fault.LOOP]
    assert "main_menu" in finding.what
    assert "other" in finding.what
    assert "goes round for ever" in str(finding)


def test_a_menu_and_a_service_that_no_call_reaches() -> None:
    text = (
        SMALL
        + """  lonely:
    ask: {id: [Sepi.], en: [Lonely.]}
    choices: [{name: bill, key: 1, does: bill}]
"""
    )
    whats = {finding.what for finding in found(text) if finding.fault is Fault.NEVER_REACHED}
    assert whats == {"the menu lonely", "the service bill"}


def test_a_queue_that_does_not_exist_and_a_menu_that_is_missing() -> None:
    broken = found(SMALL.replace("queue: sales", "queue: sale"))
    assert any("no queue 'sale'" in finding.what for finding in broken)
    missing = found(SMALL + "      - {name: bill, key: 2, does: bill}\n", Scene("Sari", listening=False))
    failed = next(finding for finding in missing if finding.fault is Fault.BREAKS)
    assert failed.what.startswith("the flow fails after")
    assert "Way there: Sari, recogniser dead: main_menu: key 2" in str(failed)


def test_a_sentence_with_a_field_that_nobody_fills() -> None:
    flow = read_flow(SMALL, "draft.yaml").flow
    odd = flow.model_copy(update={"connecting": {"sales": {"id": "Ke {siapa}?", "en": "To sales."}}})
    faults = findings(odd, explore_flow(odd, {}, only=[Scene("Sari"), Scene("stranger")]), QUEUES)
    assert [finding.fault for finding in faults] == [Fault.NO_SENTENCE]
    assert "siapa" in faults[0].what


def test_a_phrase_of_two_choices_is_never_understood() -> None:
    text = SMALL + "      - {name: shop, key: 2, phrases: {id: [penjualan], en: [shop]}, queue: sales}\n"
    assert {finding.what for finding in found(text, Scene("Sari")) if finding.fault is Fault.NOT_UNDERSTOOD} == {
        '"penjualan" at main_menu'
    }
