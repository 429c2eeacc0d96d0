"""States and menu steps as people read them."""

import pytest

from agent_desktop import code_words
from agent_desktop.code_words import REASONS, STATES, state_kind
from agent_desktop.wallboard import level_of_service
from ivr.flow_file import shipped_flow
from routing.agent_state import AgentState, NotReadyReason


def test_every_state_and_every_reason_has_words() -> None:
    assert set(STATES) == set(AgentState)
    assert set(REASONS) == set(NotReadyReason)


@pytest.mark.parametrize(
    ("state", "reason", "kind"),
    [
        ("NOT_READY", "meal", "not_ready"),
        ("NOT_READY", "rona", "trouble"),
        ("NOT_READY", "device", "trouble"),
        ("WRAP_UP", "", "wrap_up"),
        ("READY", "", "ready"),
    ],
)
def test_a_missed_call_and_a_lost_phone_are_red(state: str, reason: str, kind: str) -> None:
    assert state_kind(state, reason) == kind


@pytest.mark.parametrize(
    ("reason", "queue", "label", "words"),
    [
        ("billing", "billing", "Billing", ""),
        ("technical", "billing", "Billing", "Technical help"),
        ("bill:INV-7", "billing", "Billing", "Bill · INV-7"),
        ("bill", "money", "Bill", ""),
        ("", "billing", "Billing", ""),
    ],
)
def test_a_reason_that_says_no_more_than_the_queue_beside_it_is_not_said(
    reason: str, queue: str, label: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_words, "language_here", lambda: "en")
    assert code_words.reason_beside_queue(reason, queue, label) == words


@pytest.mark.parametrize(("share", "level"), [(None, ""), (0.9, "good"), (0.8, "good"), (0.71, "near"), (0.69, "bad")])
def test_the_service_level_is_coloured_by_its_distance_to_the_target(share: float | None, level: str) -> None:
    assert level_of_service(share, 0.8) == level


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Payment received?", "PIN: proved", "Yes or no: agreed", "Card payment: refused by the bank"]),
        ("id", ["Status pembayaran", "PIN: terbukti", "Konfirmasi: ya", "Pembayaran kartu: ditolak"]),
    ],
)
def test_the_path_through_the_menu_is_told_in_words(language: str, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_words, "language_here", lambda: language)
    path = ("language:en", "main_menu:payment_state", "pin:proved", "confirm:yes", "payment:declined", "survey:answered")
    assert code_words.ivr_steps(path) == told


def test_every_step_and_choice_of_the_shipped_flow_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_words, "language_here", lambda: "id")
    for name, menu in shipped_flow().flow.menus.items():
        for choice in menu.choices:
            for words in code_words.ivr_steps((f"{name}:{choice.name}",)):
                assert "_" not in words
                assert words[0].isupper() or words[0].isdigit()
