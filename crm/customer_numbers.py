"""Customer numbers: seven digits that a caller can type or say, the last of which notices a mistyped one.

One digit shorter than an order number, so that a caller who is asked for either may give either.
"""

from core.errors import BadInput
from crm.order_numbers import check_digit

FIRST_SERIAL, LAST_SERIAL = 100_000, 999_999
LENGTH = 7


def customer_number(serial: int) -> str:
    """The customer number of a running number, 100000 to 999999. Raises BadInput outside."""
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        raise BadInput(f"Customer serial {serial} is out of range.", f"Use {FIRST_SERIAL} to {LAST_SERIAL}.")
    return f"{serial}{check_digit(str(serial))}"


def is_customer_number(text: str) -> bool:
    """Whether `text` is seven digits, does not begin with 0, and its check digit is right."""
    well_formed = len(text) == LENGTH and text.isascii() and text.isdigit() and text[0] != "0"
    return well_formed and check_digit(text) == "0"
