"""Order numbers: eight digits that a caller can type, the last of which notices a mistyped one.

The first seven digits are a running number from 1000000; the eighth is its Damm check digit, which notices
every single wrong digit and every swap of two neighbours. Source: H. M. Damm, "Total anti-symmetrische
Quasigruppen", thesis, Philipps-Universität Marburg, 2004 (its quasigroup of order 10).
"""

from core.errors import BadInput

FIRST_SERIAL, LAST_SERIAL = 1_000_000, 9_999_999
LENGTH = 8

_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """The Damm check digit of a text of digits."""
    interim = 0
    for digit in digits:
        interim = checked_on(interim, int(digit))
    return str(interim)


def checked_on(interim: int, digit: int) -> int:
    """The check digit of some digits and one more, when `interim` is that of those before (0 for none). 0 after a right number."""
    return _QUASIGROUP[interim][digit]


def order_number(serial: int) -> str:
    """The order number of a running number, 1000000 to 9999999. Raises BadInput outside."""
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        raise BadInput(f"Order serial {serial} is out of range.", f"Use {FIRST_SERIAL} to {LAST_SERIAL}.")
    return f"{serial}{check_digit(str(serial))}"


def is_order_number(text: str) -> bool:
    """Whether `text` is eight digits, does not begin with 0, and its check digit is right."""
    well_formed = len(text) == LENGTH and text.isascii() and text.isdigit() and text[0] != "0"
    return well_formed and check_digit(text) == "0"
