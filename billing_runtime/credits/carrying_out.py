"""Buying what a decision has found to be too little: an invoice that is paid while the customer is away.

Every step may be repeated: the invoice is made once for a top-up, whatever crashes; an invoice is paid once; and what
it buys is granted once, whoever comes first, this worker or Stripe's event. https://docs.stripe.com/api/invoices/pay
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from billing_runtime._creation import Making
from billing_runtime._inbox.facts.invoice import TOP_UP, kept_of_invoice, read_invoice
from billing_runtime._store.leases import Leases
from billing_runtime.clock import to_unix
from billing_runtime.credits.automatic import OFF, StopTopUp
from billing_runtime.customers import ENTITY, STACK
from billing_runtime.errors import BillingError, StoreError, StripeRefused, StripeUnavailable
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe.params import InvoiceCreateParams, InvoiceItemCreateParams, InvoiceListParams

    from billing_runtime._books.commit import Ledger
    from billing_runtime._context import Context
    from billing_runtime._store import Row
    from billing_runtime._store.entities import Claim
    from billing_runtime.credits.following import Following

Json = dict[str, Any]

#: How often pending top-ups are looked for, and how long a payment that takes days is left alone.
TOP_UPS_EVERY, _ON_ITS_WAY = timedelta(seconds=2), timedelta(hours=1)
_AT_ONCE = 50
_CLOCK_SKEW = 600
_log = logging.getLogger("billing_runtime")


class _GoneError(Exception):
    """Somebody has voided, deleted or given up the invoice."""


class CarryingOut:
    """Works on pending top-ups. Safe to share with any number of other workers."""

    def __init__(
        self, context: Context, ledger: Ledger, following: Following, told: Callable[[str, str], object]
    ) -> None:
        """`told(entity_id, name)` is called after each attempt."""
        self._context, self._ledger, self._following, self._told = context, ledger, following, told

    def sweep(self) -> int:
        """Carry out what is due and nobody is at; how many. Raises StripeUnavailable, StoreError: call again later."""
        with self._context.store.reading(self._context.scope) as reading:
            rows = reading.all("due_top_ups", now=self._now(), most=_AT_ONCE)
        leases = Leases(self._context.store, self._context.scope, self._context.clock)
        done = 0
        for row in rows:
            name = f"top_up/{row['top_up_id']}"
            if leases.take(name):
                try:
                    done += self._one(row["top_up_id"])
                finally:
                    leases.end(name)
        return done

    def _one(self, top_up_id: str) -> bool:
        row, stopped = self._fresh(top_up_id)
        if row is None or row["due_at"] is None or row["due_at"] > self._now():
            return False
        try:
            invoice = self._given_up(row) if stopped else self._paid(row)
        except (StripeUnavailable, StoreError):
            raise
        except (BillingError, _GoneError) as error:
            self._failed(row, _reason(error), last=isinstance(error, _GoneError))
            return True
        self._settle(row, invoice, stopped)
        return True

    def _fresh(self, top_up_id: str) -> tuple[Row | None, str | None]:
        """The top-up as it is now, and why nothing more is to be bought, if so."""
        with self._context.store.reading(self._context.scope) as reading:
            row = reading.one("find_top_up", top_up_id=top_up_id)
            place = {"entity_id": row["entity_id"], "name": row["name"]} if row else {}
            settings = reading.one("find_auto_top_up", **place) if row else None
        return row, OFF if settings is None else settings["stopped"]

    def _settle(self, row: Row, invoice: Json | None, stopped: str | None) -> None:
        if invoice is not None and invoice["status"] == "paid":
            self._following.grant_invoice(row["entity_id"], kept_of_invoice(self._context.api, invoice))
        elif stopped:
            self._set(row, state="failed", failure=stopped)
        else:  # a debit is on its way: its invoice's event will tell
            self._set(row, due_at=self._later(_ON_ITS_WAY))
        self._tell(row)

    def _paid(self, row: Row) -> Json:
        """The invoice of a top-up, after an attempt to pay it. Raises what is in the way."""
        invoice = self._invoice(row)
        if row["invoice_id"] is None:
            self._set(row, invoice_id=invoice["id"], due_at=row["due_at"])
        if invoice["status"] == "draft" and not invoice["lines"]["data"]:
            self._add_item(row, invoice)
        if invoice["status"] in {"draft", "open"}:
            invoice = self._pay(row, invoice["id"])
        if invoice["status"] not in {"paid", "open"}:
            raise _GoneError(f"the invoice is {invoice['status']}")
        return invoice

    def _invoice(self, row: Row) -> Json:
        entity_id = row["entity_id"]
        customer = self._following.customer_of(entity_id)
        marks = {ENTITY: entity_id, STACK: self._context.manifest.owner, TOP_UP: row["top_up_id"]}
        request = {
            "customer": customer,
            "auto_advance": False,
            "collection_method": "charge_automatically",
            "pending_invoice_items_behavior": "exclude",
            "metadata": marks,
        }
        making = Making(
            f"top_up:{row['top_up_id']}", self._post, lambda claim: self._find_lost(customer, row["top_up_id"], claim)
        )
        made = self._context.creations.make(entity_id, making, request)
        invoice = read_invoice(self._context.api, made.id)
        if invoice is None or invoice.get("deleted"):
            raise _GoneError("the invoice was deleted")
        return invoice

    def _post(self, request: Json, key: str) -> Json:
        return self._context.api.write(
            "make an invoice",
            key,
            lambda client, options: client.v1.invoices.create(cast("InvoiceCreateParams", request), options),
        )

    def _find_lost(self, customer: str, top_up_id: str, claim: Claim) -> Json | None:
        since = to_unix("claimed_at", claim.claimed_at) - _CLOCK_SKEW
        filters: InvoiceListParams = {"customer": customer, "created": {"gte": since}}
        found = self._context.api.pages(
            "look for an invoice", filters, lambda client, page: client.v1.invoices.list(page)
        )
        return next((one for one in found if (one.get("metadata") or {}).get(TOP_UP) == top_up_id), None)

    def _add_item(self, row: Row, invoice: Json) -> None:
        item: InvoiceItemCreateParams = {
            "customer": invoice["customer"],
            "invoice": invoice["id"],
            "pricing": {"price": provisioned(self._context.manifest.price(row["price"]))},
            "quantity": row["quantity"],
        }
        self._context.api.write(
            "put credits on an invoice",
            _key(row, "item"),
            lambda client, options: client.v1.invoice_items.create(item, options),
        )

    def _pay(self, row: Row, invoice: str) -> Json:
        """Pay; each attempt has a key of its own, for Stripe would answer the last one's refusal again."""
        try:
            return self._context.api.write(
                "pay an invoice",
                _key(row, f"pay-{row['attempts']}"),
                lambda client, options: client.v1.invoices.pay(
                    invoice, {"off_session": True, "expand": ["payments"]}, options
                ),
            )
        except StripeRefused:
            found = read_invoice(self._context.api, invoice)
            if found is not None and found["status"] == "paid":
                return found  # somebody else did: an invoice is paid once
            raise

    def _failed(self, row: Row, why: str, *, last: bool) -> None:
        """Try again later; after the last time, or for an invoice that is gone, nothing more is bought."""
        attempts, retries = row["attempts"] + 1, self._context.credits.retries
        _log.warning("An automatic top-up of entity %r was not paid: %s", row["entity_id"], why)
        row = {**row, "attempts": attempts}
        if not last and attempts <= len(retries):
            self._set(row, due_at=self._later(retries[attempts - 1]), failure=why)
            self._tell(row)
            return
        self._ledger.do(StopTopUp(row["entity_id"], row["name"], why))
        invoice = self._given_up(row)
        if invoice is None or invoice["status"] != "paid":
            self._set(row, state="failed", failure=why)
            self._tell(row)
        else:
            self._settle(row, invoice, why)

    def _given_up(self, row: Row) -> Json | None:
        """The invoice, which nobody can pay any more, unless it is paid; None if there is none."""
        name = row["invoice_id"] or self._context.creations.held(row["entity_id"], f"top_up:{row['top_up_id']}")
        invoice = None if name is None else read_invoice(self._context.api, name)
        if invoice is None or invoice.get("deleted"):
            return None
        with suppress(StripeRefused):  # it was paid, or is void, by now
            if invoice["status"] == "draft":
                self._context.api.write(
                    "delete an invoice",
                    _key(row, "delete"),
                    lambda client, options: client.v1.invoices.delete(str(name), {}, options),
                )
                return None
            if invoice["status"] == "open":
                self._context.api.write(
                    "void an invoice",
                    _key(row, "void"),
                    lambda client, options: client.v1.invoices.void_invoice(str(name), {}, options),
                )
        return read_invoice(self._context.api, str(name))

    def _set(self, row: Row, **changed: Any) -> None:
        kept = {"state": "pending", "due_at": None, "attempts": row["attempts"], "failure": None}
        found = kept | {"invoice_id": row["invoice_id"]} | changed
        with self._context.store.transaction(self._context.scope) as change:
            known = change.one("find_top_up", top_up_id=row["top_up_id"])
            if known is not None and found["invoice_id"] is None:
                found["invoice_id"] = known["invoice_id"]
            change.run("set_top_up", top_up_id=row["top_up_id"], **found)

    def _tell(self, row: Row) -> None:
        try:
            self._told(row["entity_id"], row["name"])
        except Exception:  # noqa: BLE001 - the application's own fault; how it stands is in the store
            _log.exception("on_top_up failed")

    def _later(self, length: timedelta) -> int:
        return to_unix("due_at", self._context.clock() + length)

    def _now(self) -> int:
        return to_unix("clock()", self._context.clock())


def _key(row: Row, step: str) -> str:
    digest = hashlib.sha256(row["top_up_id"].encode()).hexdigest()[:32]
    return f"billing-top-up-{digest}-{step}"


def _reason(error: Exception) -> str:
    """Why a payment was not made, in a word of Stripe's where there is one."""
    if isinstance(error, StripeRefused):
        return error.code or f"Stripe refused ({error.status})"
    return str(error)
