"""The demo shop's range beside its catalogue: product lines, accessories and supplies, what is bought later, promotions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from random import Random

from crm.demo.people import Person
from crm.demo.purchases import Purchase, Purchases
from crm.demo.shop import Article, read_part
from crm.orders import OrderStatus

_LATER_DAYS = (2, 40)


@dataclass(frozen=True, slots=True)
class Range:
    """`steps` is (line, step) by sku; `later` are (first, then, share); `promotions` rows but for their product, by its sku."""

    extras: tuple[Article, ...]
    bought_again: frozenset[str]
    steps: Mapping[str, tuple[str, int]]
    later: tuple[tuple[str, str, float], ...]
    promotions: tuple[tuple[str, int, int, int, str, str, str], ...]


def load_range() -> Range:
    """The range, as its file has it."""
    content = read_part("range.yaml")
    extras = [(category, sku, facts) for category, articles in content["extras"].items() for sku, facts in articles.items()]
    return Range(
        extras=tuple(Article(sku, category, *facts[:4]) for category, sku, facts in extras),
        bought_again=frozenset(sku for _category, sku, facts in extras if facts[4]),
        steps={sku: (line, step) for line, skus in content["lines"].items() for step, sku in enumerate(skus, start=1)},
        later=tuple((first, then, share) for first, then, share in content["goes_with"]),
        promotions=tuple((sku, *facts, code) for code, (sku, *facts) in content["promotions"].items()),
    )


def product_rows(articles: Sequence[Article], known: Range) -> list[dict[str, object]]:
    """Rows of products."""
    rows = []
    for article in articles:
        line, step = known.steps.get(article.sku, ("", 0))
        rows.append({**asdict(article), "line": line, "line_step": step, "bought_again": article.sku in known.bought_again})
    return rows


def promotion_rows(known: Range, product_ids: Mapping[str, int], today: date) -> list[dict[str, object]]:
    """Rows of promotions, as of a day."""
    return [
        {
            "code": code, "product_id": product_ids[sku], "name_id": name_id, "name_en": name_en, "discount_percent": percent,
            "starts_on": today + timedelta(days=begins), "ends_on": today + timedelta(days=begins + lasts),
        }
        for sku, percent, begins, lasts, name_id, name_en, code in known.promotions
    ]  # fmt: skip


def bought_later(
    purchases: Sequence[tuple[int, Purchase]], people: Sequence[Person], articles: Mapping[str, Article], known: Range,
    chance: Random, as_of: datetime,
) -> list[tuple[int, Purchase]]:  # fmt: skip
    """What customers bought some weeks after an order, because of it: (place of the customer, order).

    Drawn by a chance of its own, so that the other orders stay as they are.
    """
    orders = Purchases(list(articles.values()), chance, as_of)
    found = []
    for place, purchase in purchases:
        for article, _quantity, _price_idr in purchase.lines:
            for first, then, share in known.later:
                if first != article.sku or chance.random() >= share or purchase.row["status"] == OrderStatus.CANCELLED:
                    continue
                placed_at = (purchase.placed_at + timedelta(days=chance.uniform(*_LATER_DAYS))).replace(microsecond=0)
                if placed_at <= as_of:
                    other = articles[then]
                    found.append((place, orders.order_of(people[place], placed_at, ((other, 1, other.price_idr),))))
    return found
