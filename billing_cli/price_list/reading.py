"""Reads a checked catalog as a price list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from billing_cli.errors import UsageRefused
from billing_cli.price_list import words
from billing_cli.price_list.listing import ListedPlan, ListedPrice, PriceList, TierRow

if TYPE_CHECKING:
    from billing_resources.catalog.loader import Catalog
    from billing_review.pricing import Pricing

Args = Mapping[str, Any]


def price_list(catalog: Catalog, currency: str | None = None) -> PriceList:
    """The price list; in one currency, what is not sold in it says so. Refuses a currency that nothing is sold in."""
    reading = _Reading(catalog.data, currency)
    if currency is not None and currency not in reading.currencies:
        known = ", ".join(sorted(reading.currencies)) or "none"
        raise UsageRefused(f"nothing is sold in {currency}: the catalog has {known}")
    plans = sorted(_section(catalog.data, "plans"), key=lambda named: named[1].get("rank", 0))
    return PriceList(
        currency,
        tuple(reading.plan(key, plan) for key, plan in plans),
        tuple(reading.plan(key, product) for key, product in _section(catalog.data, "products")),
    )


class _Reading:
    """One catalog, in one currency or in its own."""

    def __init__(self, data: Args, currency: str | None) -> None:
        from billing_review.pricing import currencies_of

        self._currency = currency
        self._display = {key: str(meter["display_name"]) for key, meter in _section(data, "meters")}
        self._features = {key: str(feature["name"]) for key, feature in _section(data, "features")}
        owners = [owner for name in ("plans", "products") for _, owner in _section(data, name)]
        terms = [price for owner in owners for _, price in _section(owner, "prices")]
        self.currencies = {code for price in terms for code in currencies_of(price)}

    def plan(self, key: str, plan: Args) -> ListedPlan:
        included = [words.limit(name, limit, self._display) for name, limit in (plan.get("limits") or {}).items()]
        included += [words.feature(name, value) for name, value in (plan.get("features") or {}).items()]
        included += [self._features.get(name, str(name)) for name in plan.get("entitlements") or ()]
        return ListedPlan(
            key=key,
            name=str(plan["name"]),
            badge=str(plan.get("badge") or ""),
            description=str(plan.get("description") or ""),
            audience=" and ".join(f"{who}s" for who in plan.get("audience") or ()),
            is_free=plan.get("free", False),
            prices=tuple(self._prices(key, plan)),
            included=tuple(included),
        )

    def _prices(self, owner: str, plan: Args) -> Iterator[ListedPrice]:
        unit = str(plan.get("unit_label") or "seat")
        named = {name: (terms, self._pricing(terms)) for name, terms in _section(plan, "prices")}
        for name, (terms, pricing) in named.items():
            key = f"{owner}.{name}"
            if pricing is None:
                yield ListedPrice(key, f"not sold in {str(self._currency).upper()}")
                continue
            others = [(other, found) for other, found in named.values() if found is not None]
            yield self._price(key, terms, pricing, unit, self._notes(plan, terms, pricing, unit, others))

    def _price(self, key: str, terms: Args, pricing: Pricing, unit: str, notes: Iterator[str]) -> ListedPrice:
        meter = (terms.get("recurring") or {}).get("meter")
        counted = self._display.get(str(meter), "usage")
        said = words.amount_of(pricing, unit, counted)
        return ListedPrice(key, said, tuple(notes), words.tiers_heading(pricing), tuple(_tiers(pricing)))

    def _notes(
        self, plan: Args, terms: Args, pricing: Pricing, unit: str, others: list[tuple[Args, Pricing]]
    ) -> Iterator[str]:
        alike = [
            found for other, found in others if words.is_monthly(found) and other.get("seats") == terms.get("seats")
        ]
        if alike and alike[0] is not pricing and (note := words.saving(alike[0], pricing)):
            yield note
        if terms.get("trial_days"):
            yield f"{terms['trial_days']:,} days free"
        yield from filter(None, (words.seats(terms, unit), words.tax(terms.get("tax_behavior"))))
        for name, limit in (terms.get("limits") or {}).items():
            if limit != (plan.get("limits") or {}).get(name):
                yield words.limit(name, limit, self._display)
        for name, value in (terms.get("features") or {}).items():
            if value != (plan.get("features") or {}).get(name):
                yield words.feature(name, value)
        yield from self._elsewhere(terms, pricing)

    def _elsewhere(self, terms: Args, pricing: Pricing) -> Iterator[str]:
        """The same price in its other currencies, where all of them are asked for."""
        from billing_review.money import money
        from billing_review.pricing import currencies_of, pricing_of

        for code in currencies_of(terms) if self._currency is None else ():
            other = pricing_of(terms, code)
            if code != pricing.currency:
                yield f"or {money(other.unit, code)}" if other.unit is not None else f"tiers in {code.upper()} as well"

    def _pricing(self, terms: Args) -> Pricing | None:
        from billing_review.pricing import currencies_of, pricing_of

        if self._currency is not None and self._currency not in currencies_of(terms):
            return None
        return pricing_of(terms, self._currency)


def _tiers(pricing: Pricing) -> Iterator[TierRow]:
    from billing_review.money import money

    first = 1
    for tier in pricing.tiers:
        last = "and more" if tier.up_to is None else f"{tier.up_to:,}"
        flat = money(tier.flat, pricing.currency) if tier.flat else ""
        yield TierRow(f"{first:,}", last, money(tier.unit, pricing.currency), flat)
        first = (tier.up_to or 0) + 1


def _section(data: Args, name: str) -> list[tuple[str, Any]]:
    return list((data.get(name) or {}).items())
