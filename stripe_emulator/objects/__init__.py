"""Every Stripe object the emulator has, one file each."""

from __future__ import annotations

from stripe_emulator.objects import (
    account,
    alert,
    checkout_session,
    coupon,
    credit_balance_summary,
    credit_balance_transaction,
    credit_grant,
    customer,
    event,
    event_destination,
    feature,
    meter,
    meter_event,
    meter_event_summary,
    payment_method,
    portal_configuration,
    price,
    product,
    product_feature,
    promotion_code,
    subscription,
    subscription_item,
    tax_rate,
    webhook_endpoint,
)

_FILES = [
    account,
    alert,
    checkout_session,
    coupon,
    credit_balance_summary,
    credit_balance_transaction,
    credit_grant,
    customer,
    event,
    event_destination,
    feature,
    meter,
    meter_event,
    meter_event_summary,
    payment_method,
    portal_configuration,
    price,
    product,
    product_feature,
    promotion_code,
    subscription,
    subscription_item,
    tax_rate,
    webhook_endpoint,
]

KINDS = {kind.object: kind for file in _FILES for kind in file.KINDS}
ROUTES = [file.routes for file in _FILES]
TASKS = {name: task for file in _FILES if hasattr(file, "tasks") for name, task in file.tasks.table.items()}
