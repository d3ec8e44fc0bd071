"""What an account has chosen in Stripe's dashboard: when a failed payment is tried again, and what comes at last.

https://docs.stripe.com/billing/revenue-recovery/smart-retries
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_of
from stripe_emulator.call import Call

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_KIND, _ID = "billing_settings", "billing_settings"
AT_LAST = ("cancel", "unpaid", "past_due")


@dataclass(frozen=True)
class BillingSettings:
    """Retries as Stripe's custom schedule has them; what its Smart Retries choose, nobody can foresee."""

    retry_days: tuple[int, ...] = (3, 5, 7)
    """Days from each failed attempt to the next."""
    after_retries: str = "cancel"
    """What becomes of the subscription when the last attempt has failed: `cancel`, `unpaid` or `past_due`."""


def billing_settings(call: Call) -> BillingSettings:
    """Return what the account has chosen."""
    kept = call.store.peek(_KIND, _ID)
    return BillingSettings(tuple(kept["retry_days"]), kept["after_retries"]) if kept else BillingSettings()


def set_billing_settings(emulator: Emulator, given: Document) -> Document:
    """Choose for the account and mode of a key; a ValueError says what cannot be chosen."""
    if strangers := sorted(set(given) - {"key", "retry_days", "after_retries"}):
        message = f"billing settings are key, retry_days and after_retries, not {', '.join(strangers)}"
        raise ValueError(message)
    scope = scope_of(f"Bearer {given.get('key', 'sk_test_emulator')}")
    call = emulator.begin(scope)
    now = billing_settings(call)
    days = given.get("retry_days", list(now.retry_days))
    if not isinstance(days, list) or len(days) > 8 or not all(isinstance(day, int) and 1 <= day <= 60 for day in days):
        message = "retry_days are at most 8 whole numbers of days, each from 1 to 60"
        raise ValueError(message)
    last = given.get("after_retries", now.after_retries)
    if last not in AT_LAST:
        message = f"after_retries is one of {', '.join(AT_LAST)}"
        raise ValueError(message)
    chosen = asdict(BillingSettings(tuple(days), last))
    call.store.put(_KIND, _ID, {**chosen, "retry_days": days})
    emulator.commit(call)
    return {"retry_days": days, "after_retries": last}
