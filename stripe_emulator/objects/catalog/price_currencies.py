"""The same price in other currencies; the price's own currency stands among them as a mirror of the price."""

from __future__ import annotations

from typing import Any

from stripe_emulator.errors import catalog as errors
from stripe_emulator.objects.catalog.price_amounts import amount_of, custom_amount, refuse_bad_currency
from stripe_emulator.objects.catalog.price_tiers import echo_tiers

Document = dict[str, Any]

_MIRRORED = ("custom_unit_amount", "tax_behavior", "tiers", "unit_amount", "unit_amount_decimal")


def own_option(price: Document) -> Document:
    """Return the option of the price's own currency."""
    return {name: price[name] for name in _MIRRORED if name != "tiers" or price["tiers"] is not None}


def currency_options(price: Document, options: Document | None) -> Document:
    """Return every currency's option, the price's own one first."""
    return merge_currency_options({**price, "currency_options": {price["currency"]: own_option(price)}}, options or {})


def merge_currency_options(price: Document, options: Document | None) -> Document:
    """Change or add options; an empty map leaves only the price's own currency."""
    if options is None:
        return {price["currency"]: own_option(price)}
    changed = {currency: _option(price, currency, given) for currency, given in options.items()}
    own = price["currency"]
    if own in changed and changed[own] != price["currency_options"][own]:
        raise errors.own_currency_fixed(own)
    return {**price["currency_options"], **changed}


def _option(price: Document, currency: str, given: Document) -> Document:
    if currency != currency.lower():
        raise errors.upper_case_currency(currency)
    name = f"currency_options[{currency}]"
    refuse_bad_currency(currency, name)
    option = {
        "custom_unit_amount": custom_amount(given),
        "tax_behavior": _tax_behavior(price["currency_options"].get(currency, {}), given, name),
        **amount_of({**given, "billing_scheme": price["billing_scheme"]}, name),
    }
    if price["billing_scheme"] == "tiered":
        option["tiers"] = _tiers(price, currency, given)
    elif "tiers" in given:
        raise errors.only_tiered(f"{name}[tiers]")
    return option


def _tax_behavior(old: Document, given: Document, name: str) -> str:
    """Inclusive and exclusive are final in every currency, and stay when only the amount is given."""
    before = old.get("tax_behavior", "unspecified")
    after = given.get("tax_behavior", before)
    if before not in ("unspecified", after):
        raise errors.tax_behavior_fixed(f"{name}[tax_behavior]")
    return str(after)


def _tiers(price: Document, currency: str, given: Document) -> list[Document]:
    tiers = echo_tiers(given.get("tiers") or [], f"currency_options[{currency}][tiers]")
    if [tier["up_to"] for tier in tiers] != [tier["up_to"] for tier in price["tiers"]]:
        raise errors.tiers_of_another_shape(currency)
    return tiers
