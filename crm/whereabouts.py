"""Where a caller is, and how sure that is: by the customer's address, else a typed postcode, else the number."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.area_codes import town_of
from crm.customers import Customer
from crm.phone_numbers import HOME_COUNTRY, zone_of
from crm.regions import Confidence, Region, all_regions


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`region` is a code of `crm.regions` or of a country (ISO, "SG"); "" when nothing is known."""

    region: str = ""
    confidence: Confidence = Confidence.NONE


@dataclass(frozen=True, slots=True)
class Address:
    """What is on record of where a customer lives; "" for what is not."""

    city: str = ""
    province: str = ""
    postcode: str = ""


UNKNOWN = Whereabouts()


def where_is(address: Address, typed_postcode: str, ani: str) -> Whereabouts:
    """Where the caller is. `ani` is E.164, "" when it is withheld; `typed_postcode` what they typed in the IVR."""
    regions = all_regions()
    found = (
        regions.city(address.city) or regions.province(address.province) or regions.at_postcode(address.postcode)
        or regions.at_postcode(typed_postcode)
    )  # fmt: skip
    return Whereabouts(found.code, Confidence.HIGH) if found else by_number(ani)


def by_number(ani: str) -> Whereabouts:
    """What a number alone says. A mobile is carried about, and may have been bought anywhere in its country."""
    try:
        number = phonenumbers.parse(ani)
    except phonenumbers.NumberParseException:
        return UNKNOWN
    country = phonenumbers.region_code_for_number(number) or ""
    if not country or not phonenumbers.is_valid_number(number):
        return UNKNOWN
    if phonenumbers.number_type(number) is not PhoneNumberType.FIXED_LINE:
        return Whereabouts(country, Confidence.LOW)
    if country != HOME_COUNTRY:
        return Whereabouts(country, Confidence.MEDIUM)
    town = _town(ani)
    return Whereabouts(town.code, Confidence.MEDIUM) if town else Whereabouts(country, Confidence.LOW)


def where_customer_is(session: Session, customer_id: int | None, typed_postcode: str, ani: str) -> Whereabouts:
    """Where the caller is, by what is on record of the customer, too; `customer_id` None for a stranger."""
    columns = (Customer.city, Customer.province, Customer.postcode)
    row = session.execute(select(*columns).where(Customer.id == customer_id)).first() if customer_id is not None else None
    return where_is(Address(*row) if row else Address(), typed_postcode, ani)


def zone_at(address: Address, e164: str, else_zone: str) -> str:
    """The time zone of whoever lives there and has this number: by the address, else by the numbering plan, else `else_zone`."""
    region = all_regions().by_code.get(where_is(address, "", e164).region)
    return (region.zone if region else "") or zone_of(e164) or else_zone


def _town(e164: str) -> Region | None:
    """The town of an area code: of several that share it, the first that is known."""
    towns = town_of(e164).split("/")
    return next((found for town in towns if (found := all_regions().city(town)) is not None), None)
