"""The end of a test clock takes everything with it that lived in its time."""

from __future__ import annotations

from stripe_emulator.agenda import DUE
from stripe_emulator.call import Call
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.objects.subscriptions.end import end_subscriptions_of
from stripe_emulator.objects.time.clock_limits import customers_on
from stripe_emulator.objects.time.clock_record import TEST_CLOCK

_BELONGINGS = (
    "charge", "checkout.session", "customer_balance_transaction", "invoice", "invoiceitem", "payment_intent",
    "payment_method", "setup_intent", "subscription", "subscription_schedule",
)  # fmt: skip


def end_clock(call: Call, clock: str) -> None:
    """Remove a clock with its customers and what belongs to them; nothing on it happens any more."""
    for customer in customers_on(call, clock):
        end_subscriptions_of(call, customer["id"])
        _hide_belongings(call, customer["id"])
        call.store.remove(CUSTOMER.object, customer["id"])
        gone = {"id": customer["id"], "object": CUSTOMER.object, "deleted": True}
        call.store.put("deleted_customer", customer["id"], gone)
    for entry in call.store.all(DUE):
        if entry["clock"] == clock:
            call.due(entry["task"], entry["id"], None)
    call.due("test_helpers.test_clock.delete", clock, None)
    call.store.remove(TEST_CLOCK.object, clock)


def _hide_belongings(call: Call, customer: str) -> None:
    for kind in _BELONGINGS:
        for document in call.store.all(kind):
            if document.get("customer") == customer:
                call.store.put(kind, document["id"], {**document, "_hidden": True})
