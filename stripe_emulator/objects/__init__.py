"""Every Stripe object the emulator has, one file each."""

from __future__ import annotations

from stripe_emulator.objects import (
    account,
    alert,
    coupon,
    customer,
    meter,
    meter_event,
    meter_event_summary,
    payment_method,
    price,
    product,
    promotion_code,
    subscription,
    subscription_item,
    webhook_endpoint,
)

_FILES = [
    account,
    alert,
    coupon,
    customer,
    meter,
    meter_event,
    meter_event_summary,
    payment_method,
    price,
    product,
    promotion_code,
    subscription,
    subscription_item,
    webhook_endpoint,
]

KINDS = {kind.object: kind for file in _FILES for kind in file.KINDS}
ROUTES = [file.routes for file in _FILES]
