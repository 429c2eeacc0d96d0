"""How many SMS segments a text takes: 3GPP TS 23.038's seven-bit alphabet where it suffices, else UCS-2."""

MOST_SEGMENTS = 4

_SEVEN_BIT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")  # two septets each
_ONE_SEPTETS, _PART_SEPTETS = 160, 153
_ONE_UNITS, _PART_UNITS = 70, 67


def segments(text: str) -> int:
    """The number of segments that `text` is sent in: 0 for the empty text.

    A message of several parts loses room in each to the header that joins them (3GPP TS 23.040); a character of two units
    (an escaped one, or a surrogate pair) is not torn over two parts.
    """
    if all(letter in _SEVEN_BIT or letter in _ESCAPED for letter in text):
        sizes, one, part = [2 if letter in _ESCAPED else 1 for letter in text], _ONE_SEPTETS, _PART_SEPTETS
    else:
        sizes, one, part = [2 if ord(letter) > 0xFFFF else 1 for letter in text], _ONE_UNITS, _PART_UNITS
    if sum(sizes) <= one:
        return 1 if text else 0
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > part:
            parts, filled = parts + 1, 0
        filled += size
    return parts
