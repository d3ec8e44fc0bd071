"""What the lines of an invoice say, in Stripe's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stripe_emulator.objects.invoices.money import written

Document = dict[str, Any]


def every(recurring: Document) -> str:
    """Return `month`, or `every 3 months`."""
    count = recurring["interval_count"]
    return str(recurring["interval"]) if count == 1 else f"every {count} {recurring['interval']}s"


def licensed(name: str, quantity: int, amount: Any, currency: str, price: Document) -> str:
    """Return `2 × Team (at $12.00 / month)`; a package names its size."""
    transform = price["transform_quantity"]
    package = f" per {transform['divide_by']:,}" if transform else ""
    return f"{quantity} × {name} (at {written(amount or 0, currency)}{package} / {every(price['recurring'])})"


def tier(name: str, quantity: int, number: int, amount: Any, currency: str, price: Document) -> str:
    """Return `100 × Calls (Tier 1 at $0.10 / month)`."""
    return f"{quantity} × {name} (Tier {number} at {written(amount, currency)} / {every(price['recurring'])})"


def flat_fee(name: str, number: int, amount: Any, currency: str, price: Document) -> str:
    """Return `Calls (Tier 1 at $10.00 / month)`."""
    return f"{name} (Tier {number} at {written(amount, currency)} / {every(price['recurring'])})"


def trial(name: str) -> str:
    """Return what the line of a trial says."""
    return f"Trial period for {name}"


def unused(name: str, quantity: int | None, moment: int) -> str:
    """Return what a credit says."""
    return f"Unused time on {_counted(name, quantity)} after {day(moment)}"


def remaining(name: str, quantity: int | None, moment: int) -> str:
    """Return what the other half of a proration says."""
    return f"Remaining time on {_counted(name, quantity)} after {day(moment)}"


def part(name: str, quantity: int | None, start: int, end: int) -> str:
    """Return what a first period that is no whole one says."""
    return f"Time on {_counted(name, quantity)} from {day(start)} until {day(end)}"


def day(moment: int) -> str:
    """Return `15 Feb 2026`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y")


def _counted(name: str, quantity: int | None) -> str:
    return name if quantity in (None, 1) else f"{quantity} × {name}"
