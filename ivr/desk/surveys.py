"""Whom to ask how the call was, and what they say."""

from datetime import datetime
from typing import Protocol


class SurveysDesk(Protocol):
    def wants_survey(self, customer_id: int | None, ani: str, now: datetime, share: float, rest_days: float, chance: float) -> bool:
        """Whether to ask this caller, who calls from `ani` (E.164, "" when withheld); see crm.surveys.wants_survey."""
        ...

    def survey_asked(self, interaction_id: str, customer_id: int | None, now: datetime, ani: str = "") -> None:
        """Keep that this caller was asked, also when no answer follows."""
        ...

    def save_survey(
        self,
        interaction_id: str,
        customer_id: int | None,
        now: datetime,
        score: int | None = None,
        comment_recording: str = "",
        transcript: str = "",
    ) -> None:
        """Keep an answer or a further part of it. `score` is 1 to 5, else ValueError."""
        ...
