"""Which numbers outside an agent may have called: one rule for transfers, consults and calls of their own."""

from dataclasses import dataclass

import phonenumbers

from core.errors import BadInput
from crm.phone_numbers import to_e164

_MAY_BE_CALLED = frozenset({
    phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE, phonenumbers.PhoneNumberType.VOIP, phonenumbers.PhoneNumberType.TOLL_FREE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutsideRule:
    """`country` is the home one (ISO); `also` others that may be called; numbers that begin with one of `refused` ("+62809") may
    not."""

    country: str
    also: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


class NumberRefused(BadInput):
    """No agent may call that number; its code says why: number_unknown, _abroad, _premium or _refused."""

    def __init__(self, why: str) -> None:
        super().__init__(f"That number may not be called ({why}).", "Check the number, or ask your supervisor.")
        self.code = f"number_{why}"


def outside_rule(country: str, also: str, refused: str) -> OutsideRule:
    """The rule of the settings, where lists are texts with commas."""
    return OutsideRule(country, tuple(filter(None, also.split(","))), tuple(filter(None, refused.split(","))))


def outside_number(text: str, rule: OutsideRule) -> str:
    """The number in E.164 that `text` means. Raises NumberRefused for what is none, is abroad, or costs whoever calls it more."""
    e164 = to_e164(text, rule.country)
    if e164 is None:
        raise NumberRefused("unknown")
    number = phonenumbers.parse(e164)
    if phonenumbers.number_type(number) not in _MAY_BE_CALLED:
        raise NumberRefused("premium")
    if phonenumbers.region_code_for_number(number) not in (rule.country, *rule.also):
        raise NumberRefused("abroad")
    if e164.startswith(rule.refused):
        raise NumberRefused("refused")
    return e164
