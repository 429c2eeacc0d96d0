"""The terms of offers: what an operator may change, checked as it is read."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.errors import HaloError
from core.log import get_log
from core.problem import Faults
from core.yaml_form import Advice, read_form
from crm.offers.offer import OfferKind

SHIPPED_FILE = Path(__file__).with_name("terms.yaml")
OWN_FILE = "config/offers.yaml"  # in the home

_Days = Annotated[int, Field(ge=0, le=3650)]
_SomeDays = Annotated[int, Field(ge=1, le=3650)]
_Stamp = tuple[int, int] | None
_log = get_log(__name__)

_TYPES: Mapping[str, Advice] = {
    "greater_than_equal": ("%(part)s is too small.", "Use %(limit)s or more."),
    "less_than_equal": ("%(part)s is too large.", "Use %(limit)s at most."),
    "enum": ("%(part)s: there is no such choice.", "Use one of: %(limit)s."),
    "value_error": ("%(part)s: the same stands here twice.", "Name each once."),
}
_LIMITS = ("ge", "le", "expected")


class OfferTerms(BaseModel):
    """When and what is offered; the file terms.yaml explains each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    free_reasons: frozenset[str]
    free_queues: frozenset[str]
    solved_codes: frozenset[str]
    unsolved_codes: frozenset[str]
    complaint_categories: frozenset[str]
    dispute_codes: frozenset[str]
    quiet_days_after_no: _Days
    quiet_days_after_not_now: _Days
    kinds: tuple[OfferKind, ...]
    least_together: int = Field(ge=1)
    least_share: float = Field(ge=0, le=1)
    least_lift: float = Field(ge=1, le=1000)
    history_days: _SomeDays
    kept_per_product: int = Field(ge=1, le=1000)
    upgrade_after_days: _Days
    refit_after_hours: float = Field(ge=0, le=24 * 365)
    hold_out_share: float = Field(ge=0, le=0.9)
    hold_out_period_days: _SomeDays
    measured_days: _SomeDays

    @field_validator("kinds")
    @classmethod
    def _each_once(cls, kinds: tuple[OfferKind, ...]) -> tuple[OfferKind, ...]:
        if len(set(kinds)) != len(kinds):
            raise ValueError("a kind twice")
        return kinds


def load_terms(file: Path) -> OfferTerms:
    """The terms in a file. Raises Faults that names everything wrong, with its line."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise HaloError(f"{file} can't be read as text.", "Check its name, rights and encoding (UTF-8).") from problem
    terms, _lines, problems = read_form(text, file.name, OfferTerms, _words)
    if terms is None:
        raise Faults(problems, "Correct the terms of offers and try again.")
    return terms


class TermsSource:
    """The terms of the installation in `home`: its own file where there is one, read again when it changes.

    A broken new version is logged, and the last good one stays in force. Safe to use from many threads.
    """

    def __init__(self, home: Path) -> None:
        self._own = home / OWN_FILE
        self._lock = threading.Lock()
        self._seen: _Stamp = (0, 0)
        self._terms: OfferTerms | None = None

    def current(self) -> OfferTerms:
        """The terms in force. Costs a look at the file's date."""
        seen = _stamp(self._own)
        with self._lock:
            if self._terms is None or seen != self._seen:
                self._seen = seen
                self._terms = self._read(seen)
            return self._terms

    def _read(self, seen: _Stamp) -> OfferTerms:
        if seen is None:
            return load_terms(SHIPPED_FILE)
        try:
            return load_terms(self._own)
        except HaloError as problem:
            _log.error("offer_terms_broken", problem=str(problem), kept=self._terms is not None)
            return self._terms or load_terms(SHIPPED_FILE)


def _words(error: Any) -> Advice | None:
    advice = _TYPES.get(error["type"])
    if advice is None:
        return None
    limits = error.get("ctx", {})
    limit = next((str(limits[name]) for name in _LIMITS if name in limits), "")
    return advice[0], advice[1] % {"limit": limit}


def _stamp(file: Path) -> _Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
