"""The place of a call whose customer's record was merged into another while they talk."""

from dataclasses import replace

from sqlalchemy.orm import Session

from crm.lookup import current_id
from routing.place import Place


def of_standing(session: Session, place: Place) -> Place:
    """The place of who stands for its customer by now."""
    if place.customer_id is None:
        return place
    return replace(place, customer_id=current_id(session, place.customer_id))
