"""A coupon or promotion code takes more off than before, for longer, or for more people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from billing_review.judgement.fields import items, number, part, text, whole
from billing_review.judgement.rule import Case, Said, said
from billing_review.judgement.wording import share
from billing_review.money import money
from billing_review.phrases import counted, listed
from billing_review.steps import Args, Change, Step

_ADVICE = "Check what it may cost: the discount times everybody who can redeem it."
_LONGER = {"once": 0, "repeating": 1, "forever": 2}


def discount_larger(case: Case) -> Iterator[Said]:
    """Coupons by their amounts, months and bounds; codes by their coupon and by who may redeem them."""
    for step in case.change.of("Coupon"):
        if step.old is not None and step.new is not None and (found := _coupon(step.old, step.new)):
            yield said(step, f"{case.name(step)}: {'; '.join(found)}.", _ADVICE)
    for step in case.change.of("PromotionCode"):
        if step.old is not None and step.new is not None and (found := _code(case.change, step, step.old, step.new)):
            yield said(step, f"{case.name(step)}: {'; '.join(found)}.", _ADVICE)


def _coupon(old: Args, new: Args) -> list[str]:
    return [*_taken_off(old, new), *_for_longer(old, new), *_widened(old, new), *_bounds(old, new, "redeem_by")]


def _taken_off(old: Args, new: Args) -> Iterator[str]:
    before, after = number(old.get("percent_off")), number(new.get("percent_off"))
    if after is not None and before is not None and after > before:
        yield f"{share(after)} off instead of {share(before)}"
    amounts, earlier = dict(_amounts(new)), dict(_amounts(old))
    if (after is None) != (before is None):
        yield f"{_off(new)} off instead of {_off(old)}"
        return
    for currency, amount in amounts.items():
        if currency not in earlier and earlier:
            yield f"{money(amount, currency)} off, before nothing in {currency.upper()}"
        elif currency in earlier and amount > earlier[currency]:
            yield f"{money(amount, currency)} off instead of {money(earlier[currency], currency)}"


def _off(args: Args) -> str:
    percent = number(args.get("percent_off"))
    if percent is not None:
        return share(percent)
    return next((money(amount, currency) for currency, amount in _amounts(args)), "nothing")


def _amounts(args: Args) -> Iterator[tuple[str, int]]:
    own, amount = text(args, "currency"), whole(args.get("amount_off"))
    if own is not None and amount is not None:
        yield own, amount
    for currency in part(args, "currency_options"):
        found = whole(part(args, "currency_options", currency).get("amount_off"))
        if found is not None:
            yield currency, found


def _for_longer(old: Args, new: Args) -> Iterator[str]:
    before, after = (_LONGER.get(text(one, "duration") or "once", 0) for one in (old, new))
    months = whole(old.get("duration_in_months")) or 0, whole(new.get("duration_in_months")) or 0
    if after > before or (after == before == _LONGER["repeating"] and months[1] > months[0]):
        yield f"{_duration(new)} instead of {_duration(old)}"


def _duration(args: Args) -> str:
    match text(args, "duration"):
        case "forever":
            return "for ever"
        case "repeating":
            return f"for {counted(whole(args.get('duration_in_months')) or 0, 'month')}"
        case _:
            return "for one bill"


def _widened(old: Args, new: Args) -> Iterator[str]:
    before, after = (_products(one) for one in (old, new))
    more = [one for one in after if one not in before]
    if before and not after:
        yield f"for every product instead of {listed(before)}"
    elif before and more:
        yield f"also for {listed(more)}"


def _products(args: Args) -> list[str]:
    return [one for one in items(part(args, "applies_to"), "products") if isinstance(one, str)]


def _bounds(old: Args, new: Args, last: str) -> Iterator[str]:
    before, after = whole(old.get("max_redemptions")), whole(new.get("max_redemptions"))
    if before is not None and (after is None or after > before):
        yield f"redeemed {'any number of times' if after is None else f'{after:,} times'} instead of {before:,}"
    until, later = whole(old.get(last)), whole(new.get(last))
    if until is not None and (later is None or later > until):
        yield f"redeemed {'without an end' if later is None else f'until {_day(later)}'} instead of until {_day(until)}"


def _day(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
    except (OverflowError, OSError, ValueError):
        return str(seconds)


def _code(change: Change, step: Step, old: Args, new: Args) -> list[str]:
    del step
    found = [*_other_coupon(change, old, new), *_bounds(old, new, "expires_at")]
    before, after = part(old, "restrictions"), part(new, "restrictions")
    if before.get("first_time_transaction") is True and after.get("first_time_transaction") is not True:
        found.append("also for customers who have paid before")
    return [*found, *_least_bill(before, after)]


def _least_bill(before: Args, after: Args) -> Iterator[str]:
    least, less = whole(before.get("minimum_amount")), whole(after.get("minimum_amount"))
    currency = text(before, "minimum_amount_currency")
    if least is not None and currency is not None and (less is None or less < least):
        if less is not None and text(after, "minimum_amount_currency") != currency:
            return
        any_bill = "any amount" if less is None else money(less, currency)
        yield f"for bills of {any_bill} instead of {money(least, currency)} or more"


def _other_coupon(change: Change, old: Args, new: Args) -> Iterator[str]:
    before, after = text(part(old, "promotion"), "coupon"), text(part(new, "promotion"), "coupon")
    if before is None or after is None or before == after:
        return
    first, second = change.find("Coupon", before), change.find("Coupon", after)
    if first is None or second is None or second.new is None or first.args is None:
        return
    more = [*_taken_off(first.old or first.args, second.new), *_for_longer(first.old or first.args, second.new)]
    yield from (f"{words}, through {after} instead of {before}" for words in more)
