"""Text messages as a flow sees them: whether one can be offered, and one narrow way to send it. Carriers live elsewhere."""

from typing import NewType, Protocol

from core.errors import HaloError
from ivr.text_length import MOST_SEGMENTS

MessageId = NewType("MessageId", str)


class TextRefused(HaloError):
    """No message will be sent, and the caller should hear so. One class for each cause; none names the number or the text."""

    code = "text_refused"


class NoMessages(TextRefused):
    """Nobody connected a carrier for messages."""

    code = "text_not_set_up"

    def __init__(self) -> None:
        super().__init__("Text messages are not set up here.", "Connect a carrier: docs/twilio.md says how.")


class NumberUnfit(TextRefused):
    """The number is none that a message can reach: not E.164, or a landline."""

    code = "text_number_unfit"

    def __init__(self) -> None:
        super().__init__("A text message can't reach this number.", "Offer it only for mobile numbers in E.164 form.")


class NumberStopped(TextRefused):
    """The person at this number asked for no more messages."""

    code = "text_stopped"

    def __init__(self) -> None:
        super().__init__("The person at this number wants no text messages.", "Only they can change that: they text START.")


class TooManyTexts(TextRefused):
    """This number was sent enough for now."""

    code = "text_too_many"
    retryable = True

    def __init__(self, most: int) -> None:
        super().__init__(f"This number was sent {most} messages within an hour.", "Try again in an hour.")


class TextsSpent(TextRefused):
    """As many messages were sent to all numbers together as may be for now: it may be somebody who makes them cost us money."""

    code = "text_total_spent"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "No more text messages are sent for now: the limit for all numbers together is reached.",
            "Look whom they go to; raise HALO_TWILIO_ALL_TEXTS_PER_HOUR or HALO_TWILIO_ALL_TEXTS_PER_DAY if it is right.",
        )


class TextTooLong(TextRefused):
    """A text that would cost many messages, or an empty one."""

    code = "text_length"

    def __init__(self, segments: int) -> None:
        super().__init__(f"A text of {segments} segments is refused.", f"Send 1 to {MOST_SEGMENTS} segments.")


class Messenger(Protocol):
    """Sends text messages."""

    @property
    def available(self) -> bool:
        """Whether messages are set up. While they are not, a flow offers none."""
        ...

    def send_text(self, to_e164: str, text: str, about: str) -> MessageId:
        """Accept a message to be sent within seconds; returns at once, before it is.

        `about` is the interaction id, or "". The same text to the same number about the same interaction is one message,
        however often it is asked for. Raises a TextRefused, or Unavailable (retryable) when nothing can be stored just now.
        """
        ...


class NoMessenger:
    """What a flow has while no carrier for messages is connected."""

    available = False

    def send_text(self, to_e164: str, text: str, about: str) -> MessageId:
        """Raises NoMessages."""
        raise NoMessages
