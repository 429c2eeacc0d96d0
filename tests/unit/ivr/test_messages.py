import pytest

from ivr import messages
from ivr.messages import Messenger, NoMessages, NoMessenger, TextRefused


def test_without_a_carrier_nothing_is_offered_and_nothing_sent():
    messenger: Messenger = NoMessenger()
    assert not messenger.available
    with pytest.raises(NoMessages) as refused:
        messenger.send_text("+628112345678", "Pesanan Anda tiba besok.", "")
    assert "docs/twilio.md" in str(refused.value)
    assert "8112345678" not in str(refused.value)


def test_every_refusal_has_a_code_of_its_own_and_a_next_step():
    refusals = [
        messages.NoMessages(),
        messages.NumberUnfit(),
        messages.NumberStopped(),
        messages.TooManyTexts(5),
        messages.TextsSpent(),
        messages.TextTooLong(9),
    ]
    assert {type(refusal) for refusal in refusals} == set(TextRefused.__subclasses__())
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert all(refusal.next_step for refusal in refusals)
    assert [refusal.code for refusal in refusals if refusal.retryable] == ["text_too_many", "text_total_spent"]
