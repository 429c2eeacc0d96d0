"""A small shop on a desk's database: products, customers who bought some together, and what the caller of the desk bought."""

from dataclasses import dataclass
from datetime import timedelta

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_desktop.services import EXTENSION, Services
from core.ids import new_id
from crm.customers import Consent, ConsentPurpose, Customer
from crm.offers.fitting import fit
from crm.offers.records import Offer
from crm.offers.terms import OWN_FILE, SHIPPED_FILE, OfferTerms, load_terms
from crm.orders import Order, OrderLine, OrderStatus, Product
from crm.promotions import Promotion
from tests.services.desk_house import NOON, DeskHouse

PRODUCTS = {
    # sku: (Indonesian, English, category, price, stock, line, step, bought again)
    "NECKLACE": ("Kalung", "Necklace", "jewellery", 900_000, 5, "", 0, False),
    "EARRINGS": ("Anting", "Earrings", "jewellery", 400_000, 7, "", 0, False),
    "TV-32": ("Televisi 32", "TV 32", "television", 2_000_000, 4, "television", 1, False),
    "TV-50": ("Televisi 50", "TV 50", "television", 5_000_000, 3, "television", 2, False),
    "FILTER": ("Saringan", "Filter", "supplies", 90_000, 50, "", 0, True),
    "SOFA": ("Sofa", "Sofa", "furniture", 5_000_000, 0, "", 0, False),
}


@dataclass
class OfferShop:
    """The shop, and ways to change it."""

    desk: DeskHouse
    ids: dict[str, int]

    def consent(self, granted: bool) -> None:
        with self.desk.database.writing() as session:
            given = select(Consent).where(Consent.customer_id == self.desk.customer_id)
            known = session.scalar(given.where(Consent.purpose == ConsentPurpose.TELEMARKETING))
            if known is None:
                session.add(
                    Consent(customer_id=self.desk.customer_id, purpose=ConsentPurpose.TELEMARKETING, granted=granted, given_at=NOON)
                )
            else:
                known.granted = granted
            session.commit()

    def buys(self, customer_id: int, *skus: str, days_ago: float = 7, status: str = OrderStatus.DELIVERED) -> None:
        with self.desk.database.writing() as session:
            order(session, customer_id, [self.ids[sku] for sku in skus], days_ago, status)
            session.commit()

    def stock(self, sku: str, count: int) -> None:
        with self.desk.database.writing() as session:
            session.get_one(Product, self.ids[sku]).stock = count
            session.commit()

    def terms(self, **changed: object) -> None:
        """Terms of this installation's own."""
        body = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8")) | changed
        services: Services = self.desk.app.extensions[EXTENSION]
        file = services.settings.home / OWN_FILE
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(body), encoding="utf-8")

    def offers(self) -> list[Offer]:
        with self.desk.database.reading() as session:
            return list(session.scalars(select(Offer).order_by(Offer.id)))

    def fit(self) -> None:
        fit(self.desk.database, shipped_terms(), self.desk.clock.now())


def open_shop(desk: DeskHouse) -> OfferShop:
    """Ten customers bought a necklace, six of whom took earrings with it; ten more bought something else. The caller bought a
    necklace a week ago and allowed offers; nobody is held out."""
    with desk.database.writing() as session:
        for sku, (name_id, name_en, category, price_idr, stock, line, step, again) in PRODUCTS.items():
            session.add(
                Product(
                    sku=sku, name_id=name_id, name_en=name_en, category=category, price_idr=price_idr, stock=stock, line=line,
                    line_step=step, bought_again=again,
                )
            )  # fmt: skip
        session.flush()
        ids = {product.sku: product.id for product in session.scalars(select(Product))}
        for number in range(20):
            customer = Customer(name=f"Buyer {number}", created_at=NOON, updated_at=NOON)
            session.add(customer)
            session.flush()
            skus = ["NECKLACE"] + ["EARRINGS"] * (number < 6) if number < 10 else ["FILTER"]
            order(session, customer.id, [ids[sku] for sku in skus], 60)
        day = NOON.date()
        session.add(
            Promotion(
                code="RUANG", product_id=ids["SOFA"], name_id="Pekan ruang", name_en="Living room week", discount_percent=20,
                starts_on=day - timedelta(days=3), ends_on=day + timedelta(days=10),
            )
        )  # fmt: skip
        session.commit()
    shop = OfferShop(desk, ids)
    shop.consent(True)
    shop.buys(desk.customer_id, "NECKLACE")
    shop.terms(hold_out_share=0.0)
    shop.fit()
    return shop


def order(session: Session, customer_id: int, product_ids: list[int], days_ago: float, status: str = OrderStatus.DELIVERED) -> None:
    """An order of one of each, so many days before noon."""
    lines = [OrderLine(product_id=key, quantity=1, unit_price_idr=100_000) for key in product_ids]
    session.add(
        Order(
            number=new_id()[:16], customer_id=customer_id, status=status, placed_at=NOON - timedelta(days=days_ago),
            total_idr=100_000 * len(lines), lines=lines,
        )
    )  # fmt: skip


def shipped_terms() -> OfferTerms:
    """The terms as they are shipped."""
    return load_terms(SHIPPED_FILE)
