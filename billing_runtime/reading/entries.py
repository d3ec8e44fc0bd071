"""The lines of a next invoice, each with what discounts may do to it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime.marks import terms_of
from billing_runtime.reading.forecast import ForecastLine, LeftOut
from billing_runtime.reading.pricing import Rate, charges, read_rate
from billing_runtime.reading.reductions import Reducible, Reduction, read_reduction
from billing_runtime.reading.upcoming import coupon_of, is_metered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from billing_runtime.manifest import Manifest
    from billing_runtime.reading.upcoming import Upcoming

Json = dict[str, Any]
#: How much was used of a metered item from a moment up to another one, and whether that is known to the unit.
UsageOf = Callable[[Json, int, int], tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line; `off_line` and `off_all` is what a proration says that discounts took off it when it was made."""

    line: ForecastLine
    reducible: Reducible
    off_line: int = 0
    off_all: int = 0


@dataclass(slots=True)
class Entries:
    """What one next invoice has, and what could not be reckoned with."""

    manifest: Manifest
    upcoming: Upcoming
    usage_of: UsageOf
    left_out: set[LeftOut] = field(default_factory=set)

    @property
    def currency(self) -> str:
        """The subscription's."""
        return str(self.upcoming.subscription["currency"])

    @property
    def is_last(self) -> bool:
        """Whether the subscription ends with this invoice."""
        cancel_at = self.upcoming.subscription["cancel_at"]
        return cancel_at is not None and cancel_at <= self._renewal

    @property
    def end(self) -> int:
        """When the invoice is made: the first of the items renews, or everything ends."""
        return int(self.upcoming.subscription["cancel_at"]) if self.is_last else self._renewal

    @property
    def start(self) -> int:
        """When the period that then ends began."""
        items = self.upcoming.items
        over = [item for item in items if self.is_last or item["current_period_end"] <= self.end]
        return min(int(item["current_period_start"]) for item in over)

    @property
    def _renewal(self) -> int:
        return min(int(item["current_period_end"]) for item in self.upcoming.items)

    def all(self) -> Iterator[Entry]:
        """What waits for the invoice, then each item that is billed."""
        for pending in self.upcoming.pending:
            yield self._pending(pending)
        for item in self.upcoming.items:
            if self.is_last or item["current_period_end"] <= self.end:
                yield from self._used(item) if is_metered(item) else self._ahead(item)

    def of_all(self) -> list[Reduction]:
        """The discounts of the whole invoice."""
        return self._reductions(self.upcoming.discounts)

    def _ahead(self, item: Json) -> Iterator[Entry]:
        if not self.is_last:
            yield from self._charged("advance", item, int(item["quantity"]))
        elif item["current_period_end"] > self.end:
            self.left_out.add("early_end")

    def _used(self, item: Json) -> Iterator[Entry]:
        start = self._used_from(item)
        if start < self.end:
            quantity, exact = self.usage_of(item, start, self.end)
            if not exact:
                self.left_out.add("usage")
            yield from self._charged("usage", item, quantity)

    def _used_from(self, item: Json) -> int:
        """Usage of a trial is free, and an item that was added counts from then on."""
        body = self.upcoming.subscription
        added = item["created"] if item["created"] > body["created"] else 0
        return max(int(item["current_period_start"]), min(body["trial_end"] or 0, self.end), added)

    def _charged(self, kind: Literal["advance", "usage"], item: Json, quantity: int) -> Iterator[Entry]:
        price = item["price"]
        rate = self._rate(price)
        if rate is None:
            self.left_out.add("price")
            return
        product, key = price["product"], self._key(price)
        own = tuple(self._reductions(item.get("discounts") or []))
        for charge in charges(rate, quantity):
            line = ForecastLine(
                kind, key, price["id"], item["id"], _said(product["name"], charge.tier, flat_fee=charge.flat_fee),
                charge.quantity, charge.unit_amount, charge.amount,
            )  # fmt: skip
            yield Entry(line, Reducible(charge.amount, product["id"], own))

    def _rate(self, price: Json) -> Rate | None:
        """From Stripe's price; tiers of other currencies may not be in it, but are in the manifest."""
        found = read_rate(price, self.currency)
        known = self.manifest.price_with_id(price["id"])
        option = known.currency_options.get(self.currency) if known else None
        if found is not None or known is None or option is None:
            return found
        return Rate(self.currency, option.unit_amount, option.tiers, known.tiers_mode, known.transform_quantity)

    def _pending(self, item: Json) -> Entry:
        details = (item.get("pricing") or {}).get("price_details") or {}
        unit = (item.get("pricing") or {}).get("unit_amount_decimal")
        price_id: str | None = details.get("price")
        known = self.manifest.price_with_id(price_id) if price_id else None
        line = ForecastLine(
            "pending", known.key if known else None, price_id,
            ((item.get("parent") or {}).get("subscription_details") or {}).get("subscription_item"),
            item.get("description") or "", int(item["quantity"]), None if unit is None else Decimal(unit),
            int(item["amount"]),
        )  # fmt: skip
        own = tuple(self._reductions(item.get("discounts") or []))
        if item.get("tax_rates"):
            self.left_out.add("tax")
        off_line, off_all = self._off_before(item)
        return Entry(
            line, Reducible(line.amount, details.get("product"), own, bool(item["discountable"])), off_line, off_all
        )

    def _off_before(self, item: Json) -> tuple[int, int]:
        """What discounts took off a proration, which says so beside an amount that is still the full one."""
        net: int | None = item.get("net_amount")
        if item["discountable"] or net is None or net == item["amount"]:
            return 0, 0
        whole = {one["id"] for one in self.upcoming.discounts}
        parts = (item.get("proration_details") or {}).get("discount_amounts") or []
        of_all = sum(int(one["amount"]) for one in parts if one["discount"] in whole)
        return item["amount"] - net - of_all, of_all

    def _reductions(self, discounts: Iterable[Json]) -> list[Reduction]:
        """What discounts take off, those left out that will be over."""
        found = []
        for discount in discounts:
            if discount["end"] is not None and discount["end"] <= self.end:
                continue
            coupon = self.upcoming.coupons[coupon_of(discount)]
            if coupon is None:
                self.left_out.add("discount")
            elif (one := read_reduction(coupon, self.currency)) is not None:
                found.append(one)
        return found

    def _key(self, price: Json) -> str | None:
        terms = terms_of(self.manifest, price | {"product": price["product"]["id"]})
        return terms.key if terms else None


def _said(name: str, tier: int | None, *, flat_fee: bool) -> str:
    if tier is None:
        return name
    return f"{name} (tier {tier}, flat fee)" if flat_fee else f"{name} (tier {tier})"
