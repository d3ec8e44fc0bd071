"""The tax rates that a request names. https://docs.stripe.com/billing/taxes/tax-rates."""

from __future__ import annotations

from stripe_emulator.call import Call
from stripe_emulator.objects.catalog.tax_rate import TAX_RATE


def rates_of(call: Call, given: list[str] | None, name: str) -> list[str]:
    """Return the ids of tax rates that are all there."""
    return [str(call.named(TAX_RATE, one, f"{name}[{index}]")["id"]) for index, one in enumerate(given or [])]
