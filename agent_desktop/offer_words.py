"""Why an offer fits, and why there is none, in the words of the page's language."""

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_timedelta

from agent_desktop.formats import day, percent
from agent_desktop.languages import language_here
from agent_desktop.texts import _, _later
from crm.offers.offer import OfferKind, Why, WhyNotThis
from crm.promotions import Promotion

KINDS = {
    OfferKind.TOGETHER: _later("Goes with it"),
    OfferKind.UP_SELL: _later("A better one"),
    OfferKind.PROMOTION: _later("Promotion"),
    OfferKind.POPULAR: _later("Best seller"),
}
_WHYS = {
    Why.UNKNOWN_CUSTOMER: _later("We do not know who calls."),
    Why.NEVER_ASKED: _later("They have never allowed offers by phone."),
    Why.REFUSED: _later("They refused offers by phone."),
    Why.PROBLEM_OPEN: _later("Their problem is still open."),
    Why.COMPLAINT_OPEN: _later("A complaint of theirs is still open."),
    Why.BILL_DISPUTED: _later("They dispute a bill that is overdue."),
    Why.SAID_NO: _later("They said no lately."),
    Why.SAID_NOT_NOW: _later("They said not now, lately."),
}
_NOT_THIS = {
    WhyNotThis.OUT_OF_STOCK: _later("out of stock"),
    WhyNotThis.ACCEPTED: _later("they said yes to it lately"),
    WhyNotThis.OWNED: _later("they have it"),
    WhyNotThis.OWNS_BETTER: _later("they have one as good or better"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for an offer. `because` is the product that does, bought last at `bought_at` in an order that is not packed yet
    (`unpacked`) or is; `share` which part of its buyers took the offered one."""

    kind: str
    because: str = ""
    bought_at: datetime | None = None
    unpacked: bool = False
    share: float | None = None
    promotion: Promotion | None = None


def reason_words(reason: Reason, now: datetime) -> str:
    """Why it fits, in one or two sentences that an agent may say."""
    said = _main_words(reason, now)
    return f"{said} {_promotion_words(reason.promotion)}".strip() if reason.promotion else said


def why_words(why: str) -> str:
    """Why nothing is offered; the code itself for one that is no longer in use."""
    return str(_WHYS.get(Why(why), why)) if why in set(Why) else why


def not_this_words(why: str) -> str:
    """Why a product was passed over."""
    return str(_NOT_THIS[WhyNotThis(why)]) if why in set(WhyNotThis) else why


def passed_over_words(name: str, why: str) -> str:
    """A product that would have come first, and why it does not."""
    return f"{name}: {not_this_words(why)}"


def kind_words(kind: str) -> str:
    """A kind of offer."""
    return str(KINDS[OfferKind(kind)]) if kind in set(OfferKind) else kind


def _main_words(reason: Reason, now: datetime) -> str:
    if reason.kind == OfferKind.TOGETHER and reason.because and reason.bought_at is not None:
        return _(
            "Bought %(product)s %(ago)s; %(share)s of its buyers took this with it or later.",
            product=reason.because, ago=_ago(reason.bought_at, now), share=percent(reason.share),
        )  # fmt: skip
    if reason.kind == OfferKind.UP_SELL and reason.because and reason.bought_at is not None:
        if reason.unpacked:
            return _("%(product)s is not packed yet and can still be changed for this better one.", product=reason.because)
        return _(
            "Bought %(product)s %(ago)s; this is the next better one.", product=reason.because, ago=_ago(reason.bought_at, now)
        )
    if reason.kind == OfferKind.POPULAR:
        return _("One of what our customers buy most.")
    return ""


def _promotion_words(promotion: Promotion) -> str:
    return _(
        "%(name)s: %(percent)d%% off until %(day)s.",
        name=promotion.name_in(language_here()), percent=promotion.discount_percent, day=day(promotion.ends_on),
    )  # fmt: skip


def _ago(moment: datetime, now: datetime) -> str:
    if (now - moment).days < 1:
        return _("today")
    return str(format_timedelta(moment - now, granularity="day", add_direction=True, locale=language_here()))
