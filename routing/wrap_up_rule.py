"""How long the wrap-up after a queue's calls lasts: a fixed time, one that the agent may lengthen, or as long as it takes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from routing.needs_form import FORM

_HOUR_S = 3600.0


class WrapUpMode(StrEnum):
    """FIXED: it ends by itself. EXTENDABLE: so too, but the agent may put that off. FREE: the agent ends it."""

    FIXED = "fixed"
    EXTENDABLE = "extendable"
    FREE = "free"


class WrapUpRule(BaseModel):
    """`for_s` is left out where the usual time holds (HALO_WRAP_UP_S). An extendable one is lengthened by `extend_s` at a time, to
    `at_most_s` in all. One that lasts longer than `long_after_s` is marked on the wallboard."""

    model_config = FORM

    mode: WrapUpMode = WrapUpMode.FIXED
    for_s: float | None = Field(default=None, gt=0, le=_HOUR_S)
    extend_s: float = Field(default=30, gt=0, le=_HOUR_S)
    at_most_s: float = Field(default=300, gt=0, le=_HOUR_S)
    long_after_s: float = Field(default=300, gt=0, le=_HOUR_S)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        given = self.model_fields_set
        if self.mode is WrapUpMode.FREE and "for_s" in given:
            raise ValueError("a free wrap-up has no time")
        if self.mode is not WrapUpMode.EXTENDABLE and given & {"extend_s", "at_most_s"}:
            raise ValueError("only an extendable wrap-up is extended")
        if self.for_s is not None and self.mode is WrapUpMode.EXTENDABLE and self.at_most_s <= self.for_s:
            raise ValueError("at_most_s beyond for_s")
        return self

    def ends(self, begun: datetime, usual_s: float) -> datetime | None:
        """When a wrap-up that has begun then is over by itself; None: it is not."""
        return None if self.mode is WrapUpMode.FREE else begun + timedelta(seconds=self.for_s or usual_s)

    def extended(self, begun: datetime | None, deadline: datetime | None) -> datetime | None:
        """The deadline when it is put off once more; None: it can't be, or not any further."""
        if self.mode is not WrapUpMode.EXTENDABLE or begun is None or deadline is None:
            return None
        later = min(deadline + timedelta(seconds=self.extend_s), begun + timedelta(seconds=self.at_most_s))
        return later if later > deadline else None


WrapUpEnds = Callable[[str, datetime], datetime | None]
"""When the wrap-up after a call of this queue ends that begins then; None: not by itself."""
