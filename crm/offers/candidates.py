"""What a customer could be offered, the best first: by what goes together, product lines, promotions, best sellers. Pure."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.offers.offer import OfferKind, WhyNotThis
from crm.offers.situation import Bought, Lowered, Ware
from crm.offers.suppression import why_not_this
from crm.offers.terms import OfferTerms
from crm.offers.together import Pair, best_together
from crm.promotions import discounted_idr


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that could be offered today: products and promotions by product id, the pairs that begin with what the customer
    bought, and products with their numbers of buyers, the best seller first."""

    wares: Mapping[int, Ware]
    lowered: Mapping[int, Lowered]
    pairs: Sequence[Pair]
    sellers: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product to offer at `price_idr`. `because_id` is the product that speaks for it, None for none; `pair` how."""

    kind: OfferKind
    product_id: int
    price_idr: int
    promotion_id: int | None = None
    because_id: int | None = None
    pair: Pair | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A product that would have come first, and why it does not."""

    product_id: int
    why: WhyNotThis


def candidates(
    bought: tuple[Bought, ...], shelf: Shelf, terms: OfferTerms, now: datetime, accepted: Set[int] = frozenset()
) -> tuple[list[Candidate], list[PassedOver]]:
    """What may be offered, the best first, each product once; and what was passed over before the best of it.

    The order depends on nothing but what is given: the same customer on the same day is offered the same.
    """
    ways = {
        OfferKind.TOGETHER: lambda: _together(shelf, terms),
        OfferKind.UP_SELL: lambda: _better(bought, shelf, terms, now),
        OfferKind.PROMOTION: lambda: _promotions(bought, shelf),
        OfferKind.POPULAR: lambda: _popular(shelf),
    }
    found: dict[int, Candidate] = {}
    passed: dict[int, PassedOver] = {}
    for kind in terms.kinds:
        for candidate in ways[kind]():
            key = candidate.product_id
            if key in found or key in passed or key not in shelf.wares:
                continue
            why = why_not_this(shelf.wares[key], bought, shelf.wares, accepted)
            if why is None:
                found[key] = candidate
            elif not found:
                passed[key] = PassedOver(key, why)
    return list(found.values()), list(passed.values())


def _together(shelf: Shelf, terms: OfferTerms) -> Iterator[Candidate]:
    strong = [pair for pair in shelf.pairs if pair.share >= terms.least_share]
    for product_id, _weight, pair in best_together(strong):
        if product_id in shelf.wares:
            yield _candidate(OfferKind.TOGETHER, product_id, shelf, pair.bought, pair)


def _better(bought: tuple[Bought, ...], shelf: Shelf, terms: OfferTerms, now: datetime) -> Iterator[Candidate]:
    """The next better one of each line: at once while the plainer one is not packed yet, else when that one is old."""
    ready = [
        (not each.unpacked, each.at, each.product_id)
        for each in bought
        if each.unpacked or now - each.at >= timedelta(days=terms.upgrade_after_days)
    ]
    for _packed, _at, product_id in sorted(ready):
        owned = shelf.wares.get(product_id)
        if owned is None or not owned.line:
            continue
        higher = [each for each in shelf.wares.values() if each.line == owned.line and each.line_step > owned.line_step]
        for ware in sorted(higher, key=lambda each: (each.line_step, each.price_idr, each.product_id)):
            yield _candidate(OfferKind.UP_SELL, ware.product_id, shelf, owned.product_id)


def _promotions(bought: tuple[Bought, ...], shelf: Shelf) -> Iterator[Candidate]:
    """Of what the customer buys anyway first, then by what it takes off."""
    liked = {shelf.wares[each.product_id].category for each in bought if each.product_id in shelf.wares}
    ranked = sorted(
        (shelf.wares[key].category not in liked, -lowered.discount_percent, key)
        for key, lowered in shelf.lowered.items()
        if key in shelf.wares
    )
    for _other, _percent, product_id in ranked:
        yield _candidate(OfferKind.PROMOTION, product_id, shelf)


def _popular(shelf: Shelf) -> Iterator[Candidate]:
    for product_id, _buyers in sorted(shelf.sellers, key=lambda each: (-each[1], each[0])):
        if product_id in shelf.wares:
            yield _candidate(OfferKind.POPULAR, product_id, shelf)


def _candidate(
    kind: OfferKind, product_id: int, shelf: Shelf, because_id: int | None = None, pair: Pair | None = None
) -> Candidate:
    lowered = shelf.lowered.get(product_id)
    price_idr = shelf.wares[product_id].price_idr
    if lowered is None:
        return Candidate(kind, product_id, price_idr, None, because_id, pair)
    lower_idr = discounted_idr(price_idr, lowered.discount_percent)
    return Candidate(kind, product_id, lower_idr, lowered.promotion_id, because_id, pair)
