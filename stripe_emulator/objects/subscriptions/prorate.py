"""What a change in the middle of a period gives back and asks for, to the second.

What was paid for the rest of the period is given back, what the rest costs from now on is asked for: one item each.
https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import subscriptions as errors
from stripe_emulator.objects.catalog.price_calculation import exact_cost
from stripe_emulator.objects.discounts.percent import share_left
from stripe_emulator.objects.invoices import describe
from stripe_emulator.objects.invoices.charges import name_of
from stripe_emulator.objects.invoices.due import billed_until, share_of
from stripe_emulator.objects.invoices.money import rounded
from stripe_emulator.objects.subscriptions.proration_items import add_proration
from stripe_emulator.objects.subscriptions.record import SUBSCRIPTION_ITEM, items_of, price_of

Document = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """A subscription and its items as a request found them."""

    subscription: Document
    items: dict[str, Document]

    @classmethod
    def of(cls, call: Call, subscription: Document) -> Before:
        """Remember them; a proration date outside their periods is refused."""
        items = items_of(call, subscription)
        date = call.params.get("proration_date")
        if date is not None and not all(
            one["current_period_start"] <= date <= one["current_period_end"] for one in items
        ):
            raise errors.proration_date_outside(date)
        return cls({**subscription}, {item["id"]: item for item in items})


def prorate(call: Call, subscription: Document, before: Before, moment: int, *, wanted: bool) -> None:
    """Store what each changed item gives back and asks for; unless `wanted`, what changed is free until it renews."""
    items = {item["id"]: item for item in items_of(call, subscription)}
    for identifier in [*before.items, *(one for one in items if one not in before.items)]:
        old, new = before.items.get(identifier), items.get(identifier)
        if old is not None and (new is None or _costs_otherwise(old, new)) and wanted:
            _give_back(call, before.subscription, old, moment)
        if new is None or new["quantity"] is None:
            continue
        if old is None or _costs_otherwise(old, new):
            _ask(call, subscription, old, new, moment, wanted=wanted)


def _costs_otherwise(old: Document, new: Document) -> bool:
    return is_moved(old, new) or any(old[name] != new[name] for name in ("price", "quantity"))


def is_moved(old: Document, new: Document) -> bool:
    """Say whether an item is in another period than before."""
    return any(old[name] != new[name] for name in ("current_period_start", "current_period_end"))


def credit_rest(call: Call, subscription: Document, item: Document, moment: int) -> None:
    """Give back what was paid for an item from a moment on, as its end does that is prorated."""
    _give_back(call, subscription, item, moment)


def _give_back(call: Call, subscription: Document, item: Document, moment: int) -> None:
    end = billed_until(item)
    if item["quantity"] is None or moment >= end or _is_trial(subscription, moment):
        return
    price = price_of(call, item)
    gross, net = _paid_for(call, subscription, item, moment, end)
    text = describe.unused(name_of(call, price), item["quantity"], moment)
    if gross:
        add_proration(call, subscription, item, (moment, end), gross=-gross, net=-net, text=text)


def _paid_for(call: Call, subscription: Document, item: Document, moment: int, end: int) -> tuple[int, int]:
    """Return what was paid for the rest of a period, without and with discounts.

    In flexible mode that is the same part of what was billed; in classic mode it is counted anew from the price.
    """
    currency, charged = subscription["currency"], item.get("_charged")
    if charged and charged["end"] == end and subscription["billing_mode"]["type"] == "flexible":
        share = Fraction(end - max(moment, charged["start"]), end - charged["start"])
        return rounded(charged["gross"] * share, currency), rounded(charged["net"] * share, currency)
    return _price_of_rest(call, subscription, item, moment, end)


def _price_of_rest(call: Call, subscription: Document, item: Document, moment: int, end: int) -> tuple[int, int]:
    price, currency = price_of(call, item), subscription["currency"]
    share = _share(subscription, item, price, moment, end)
    exact = Fraction(exact_cost(price, item["quantity"], currency)) * share
    left = share_left(call, subscription, item, price["product"])
    return rounded(exact, currency), rounded(exact * left, currency)


def _share(subscription: Document, item: Document, price: Document, moment: int, end: int) -> Fraction:
    start, stop = item["current_period_start"], item["current_period_end"]
    if start <= moment <= end <= stop:
        natural = share_of(subscription, price, start, stop)
        return natural * Fraction(end - moment, stop - start) if stop > start else Fraction(0)
    return share_of(subscription, price, moment, end)


def _ask(call: Call, subscription: Document, old: Document | None, new: Document, moment: int, *, wanted: bool) -> None:
    """Ask for the rest of the period; a period that begins now is billed as a whole with the invoice instead."""
    end = new["current_period_end"]
    if old is not None and is_moved(old, new):
        call.save(SUBSCRIPTION_ITEM, {**new, "_billed_until": new["current_period_start"]})
        return
    if not _is_trial(subscription, moment) and wanted and moment < end:
        gross, net = _price_of_rest(call, subscription, new, moment, end)
        text = describe.remaining(name_of(call, price_of(call, new)), new["quantity"], moment)
        add_proration(call, subscription, new, (moment, end), gross=gross, net=net, text=text)
        new = {**new, "_charged": {"start": moment, "end": end, "gross": gross, "net": net}}
    elif old is None:
        new = {**new, "_charged": {"start": moment, "end": end, "gross": 0, "net": 0}}
    call.save(SUBSCRIPTION_ITEM, {**new, "_billed_until": end})


def _is_trial(subscription: Document, moment: int) -> bool:
    return subscription["trial_end"] is not None and int(subscription["trial_end"]) > moment
