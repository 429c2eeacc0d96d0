"""The E-model against what ITU-T Recommendation G.107 publishes, and by its laws."""

import pytest

from agent_desktop.line_summary import BAD_MOS, GOOD_MOS, level_of
from tests.unit.agent_desktop.page_script import page_script

# G.107 (06/2015), Table B.1: lower limit of R and of the opinion, from "very satisfied" to "nearly all users dissatisfied".
TABLE_B_1 = {90: 4.34, 80: 4.03, 70: 3.60, 60: 3.10, 50: 2.58}
G_729A = "{ie: 11, bpl: 19}"  # ITU-T G.113, Appendix I


@pytest.fixture(scope="module")
def figures():
    return page_script(
        "e_model.ts",
        """{
          opinions: [90, 80, 70, 60, 50].map(it.opinion), best: it.opinion(93.2), ends: [-5, 0, 100, 120].map(it.opinion),
          rising: [...Array(94).keys()].map(it.opinion), levels: [4.02, 4.01, 3.6, 3.59].map(it.levelOf),
          untouched: it.rating({lossShare: 0, delayMs: 0}), g729: it.rating({lossShare: 0, delayMs: 0}, """
        + G_729A
        + """),
          delays: [0, 100, 150, 200, 400, 800].map(it.delayImpairment),
          losses: [0, 0.01, 0.05, 0.2, 1].map((share) => it.lossImpairment(share, it.g711)),
          g729Lost: it.lossImpairment(0.02, """
        + G_729A
        + """), worst: it.rating({lossShare: 1, delayMs: 5000}),
        }""",
    )


def test_opinions_are_those_of_table_b_1(figures):
    assert figures["opinions"] == pytest.approx(list(TABLE_B_1.values()), abs=0.01)


def test_the_best_narrowband_line_is_the_recommendations_default(figures):
    assert figures["untouched"] == pytest.approx(93.2)
    assert round(figures["best"], 2) == 4.41


def test_a_codecs_own_impairment_is_taken_off(figures):
    assert figures["g729"] == pytest.approx(93.2 - 11)


def test_opinions_stay_between_1_and_4_5_and_never_fall_as_the_rating_rises(figures):
    assert figures["ends"] == [1, 1, 4.5, 4.5]
    assert figures["rising"] == sorted(figures["rising"])


def test_a_delay_is_unheard_up_to_100_ms_and_costs_ever_more_after_that(figures):
    assert figures["delays"][:2] == [0, 0]
    assert figures["delays"] == sorted(figures["delays"])
    # G.114, figure 1: with 400 ms from mouth to ear about 70 of the 93.2 are left; with 200 ms nearly all.
    assert 93.2 - figures["delays"][4] == pytest.approx(70, abs=2)
    assert figures["delays"][3] < 4


def test_lost_packets_cost_what_the_formula_of_7_5_says(figures):
    assert figures["losses"] == sorted(figures["losses"])
    assert figures["losses"][0] == 0
    assert figures["losses"][1] == pytest.approx(95 / 26.1)  # (95 - 0) · 1 / (1 + 25.1)
    assert figures["g729Lost"] == pytest.approx(11 + 84 * 2 / 21)  # 11 + (95 - 11) · 2 / (2 + 19)
    assert figures["worst"] >= 0


def test_page_and_server_call_the_same_lines_good(figures):
    assert figures["levels"] == [level_of(GOOD_MOS), level_of(GOOD_MOS - 0.01), level_of(BAD_MOS), level_of(BAD_MOS - 0.01)]
    assert figures["levels"] == ["good", "fair", "fair", "bad"]
