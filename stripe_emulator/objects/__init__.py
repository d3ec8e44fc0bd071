"""Every Stripe object the emulator has, one file each, in rooms by what they are about."""

from __future__ import annotations

from types import ModuleType

from stripe_emulator.objects import account
from stripe_emulator.objects.catalog import feature, price, product, product_feature, tax_rate
from stripe_emulator.objects.checkout import expiry, session
from stripe_emulator.objects.credits import balance_summary, balance_transaction, grant
from stripe_emulator.objects.customers import balance, customer, payment_method
from stripe_emulator.objects.discounts import coupon, discount, promotion_code
from stripe_emulator.objects.entitlements import active_entitlement
from stripe_emulator.objects.entitlements.follow import follow
from stripe_emulator.objects.invoices import actions, invoice, invoice_item, invoice_lines, preview
from stripe_emulator.objects.metering import (
    adjustment,
    alert,
    meter,
    meter_event,
    meter_event_stream,
    meter_event_summary,
    meter_event_v2,
    processing,
    reports,
)
from stripe_emulator.objects.payments import (
    charge,
    dispute,
    invoice_payment,
    payment_intent,
    refund,
    retry,
    setup_intent,
)
from stripe_emulator.objects.portal import configuration, pause_end
from stripe_emulator.objects.portal import session as portal_session
from stripe_emulator.objects.schedules import schedule
from stripe_emulator.objects.search import search
from stripe_emulator.objects.subscriptions import item, pause, pending_end, resume, subscription
from stripe_emulator.objects.time import test_clock
from stripe_emulator.objects.webhooks import destination, endpoint, event, later, thin_event

_FILES: list[ModuleType] = [
    *(account, feature, price, product, product_feature, tax_rate),
    *(coupon, promotion_code, discount),
    *(adjustment, alert, meter, meter_event, meter_event_stream, meter_event_summary, meter_event_v2),
    *(processing, reports),
    active_entitlement,
    *(balance_summary, balance_transaction, grant),
    *(balance, customer, payment_method),
    *(charge, dispute, invoice_payment, payment_intent, refund, retry, setup_intent),
    *(preview, invoice, actions, invoice_item, invoice_lines),
    schedule,
    *(item, pause, pending_end, resume, subscription),
    *(expiry, session),
    *(configuration, pause_end, portal_session),
    test_clock,
    *(destination, endpoint, event, later, thin_event),
    search,
]
"""What each has: `KINDS`, `routes`, and `tasks` if anything of it happens later."""

KINDS = {kind.object: kind for file in _FILES for kind in file.KINDS}
ROUTES = [file.routes for file in _FILES]
TASKS = {name: task for file in _FILES if hasattr(file, "tasks") for name, task in file.tasks.table.items()}
FOLLOWERS = [follow]
"""What brings objects up to date that follow from others, before the events of a change are told."""
