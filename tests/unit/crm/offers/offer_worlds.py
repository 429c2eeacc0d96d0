"""Customers, calls and shelves as hypothesis draws them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from crm.offers.candidates import Shelf
from crm.offers.offer import OfferKind
from crm.offers.situation import Bought, CallSoFar, Lowered, Situation, Ware
from crm.offers.terms import SHIPPED_FILE, OfferTerms, load_terms
from crm.offers.together import Pair
from crm.selling import Permission, permission

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
PRODUCTS = range(1, 9)
SHIPPED = load_terms(SHIPPED_FILE)

products = st.sampled_from(PRODUCTS)
moments = st.integers(0, 800).map(lambda days: NOW - timedelta(days=days))
calls = st.builds(
    CallSoFar,
    queue=st.sampled_from(["sales", "billing", "technical", "general"]),
    reason=st.sampled_from(["", "sales", "bill:INV-7", "open_ticket:T1", "technical", "opening_hours", "no_such_reason"]),
    code=st.sampled_from(["", *sorted(SHIPPED.solved_codes | SHIPPED.unsolved_codes), "no_sale"]),
    end_codes=st.sampled_from([(), ("solved",), ("order_placed", "solved"), ("bill_disputed",), ("solved", "follow_up")]),
    said_solved=st.booleans(),
)
solved_calls = st.just(CallSoFar("sales", "sales"))
wares = st.builds(
    Ware,
    product_id=st.just(0),
    category=st.sampled_from(["a", "b"]),
    price_idr=st.integers(1_000, 10_000_000),
    stock=st.integers(0, 3),
    line=st.sampled_from(["", "tv"]),
    line_step=st.integers(1, 4),
    bought_again=st.booleans(),
)
pairs = st.builds(
    Pair, bought=products, other=products, buyers=st.just(100), then=st.integers(1, 100), lift=st.floats(1, 50)
).filter(lambda pair: pair.bought != pair.other)  # fmt: skip


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    """Every product, some promotions, pairs and best sellers."""
    stock = {key: draw(wares) for key in PRODUCTS}
    named = {
        key: Ware(key, ware.category, ware.price_idr, ware.stock, ware.line, ware.line_step if ware.line else 0, ware.bought_again)
        for key, ware in stock.items()
    }
    lowered = draw(st.dictionaries(products, st.builds(Lowered, st.integers(1, 9), st.integers(1, 90)), max_size=3))
    sellers = draw(st.lists(st.tuples(products, st.integers(1, 50)), max_size=6, unique_by=lambda each: each[0]))
    found = draw(st.lists(pairs, max_size=12, unique_by=lambda pair: (pair.bought, pair.other)))
    return Shelf(named, lowered, found, sellers)


@st.composite
def bought(draw: st.DrawFn) -> tuple[Bought, ...]:
    """Some products, each once, the newest first."""
    some = draw(st.lists(st.builds(Bought, products, moments, st.booleans()), max_size=5, unique_by=lambda each: each.product_id))
    return tuple(sorted(some, key=lambda each: each.at, reverse=True))


def situations(call: st.SearchStrategy[CallSoFar] = calls) -> st.SearchStrategy[Situation]:
    """Anybody in any call."""
    return st.builds(
        Situation,
        customer_id=st.integers(1, 500),
        permission=st.sampled_from([None, True, False]).map(permission),
        call=call,
        complaints=st.sampled_from([(), ("T000001",)]),
        disputed=st.sampled_from(["", "INV-7"]),
        last_no_at=st.none() | moments,
        last_not_now_at=st.none() | moments,
        bought=bought(),
    )


def free_situations() -> st.SearchStrategy[Situation]:
    """Anybody who may be offered something."""
    return st.builds(
        Situation, customer_id=st.integers(1, 500), permission=st.just(Permission()), call=solved_calls, bought=bought()
    )  # fmt: skip


terms = st.builds(
    lambda kinds, share, quiet: OfferTerms(
        **{**SHIPPED.model_dump(), "kinds": tuple(kinds), "hold_out_share": share, "quiet_days_after_no": quiet}
    ),
    st.lists(st.sampled_from(list(OfferKind)), unique=True),
    st.sampled_from([0.0, 0.1, 0.5, 0.9]),
    st.sampled_from([0, 30, 365]),
)
