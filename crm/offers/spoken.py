"""The offer of a call as it is spoken of: what it is, and what it costs."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.offers.offer import HELD_OUT, OfferState
from crm.offers.records import offer_of
from crm.orders import Product

_SPOKEN = (OfferState.SHOWN, OfferState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SpokenOffer:
    """Its name in both languages, and its price with the promotion, if there is one."""

    name_id: str
    name_en: str
    price_idr: int

    def name_in(self, language: str) -> str:
        """The name in this language."""
        return self.name_id if language == "id" else self.name_en


def spoken_offer(session: Session, interaction_id: str) -> SpokenOffer | None:
    """What may be offered in this interaction, or was and is taken; None while nothing may be."""
    offer = offer_of(session, interaction_id)
    if offer is None or offer.state not in _SPOKEN or offer.arm == HELD_OUT or offer.product_id is None:
        return None
    product = session.get(Product, offer.product_id)
    if product is None:
        return None
    return SpokenOffer(product.name_in("id"), product.name_in("en"), offer.price_idr or product.price_idr)
