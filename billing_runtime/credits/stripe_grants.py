"""Stripe's own credits: money that pays for metered prices when an invoice is finalized, and for nothing before.

They enforce nothing and know no units: what may be used now, the local ledger says (`billing.credits`).
https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
"""

from __future__ import annotations

import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from billing_runtime import _inputs
from billing_runtime._creation import Making
from billing_runtime.clock import to_unix
from billing_runtime.credits.settings import PRIORITY, require_priority
from billing_runtime.credits.stripe_views import (
    StripeBalance,
    StripeCreditTransaction,
    StripeGrant,
    balances_of,
    grant_of,
    transaction_of,
)
from billing_runtime.customers import STACK
from billing_runtime.errors import CreditConflict, InvalidInput, NoCustomer, StripeRefused
from billing_runtime.manifest import provisioned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from stripe import StripeClient
    from stripe._request_options import RequestOptions
    from stripe.params.billing import (
        CreditBalanceSummaryRetrieveParams,
        CreditBalanceTransactionListParams,
        CreditGrantCreateParams,
        CreditGrantListParams,
    )

    from billing_runtime._context import Context
    from billing_runtime._store.entities import Claim

Json = dict[str, Any]

#: The marks on a grant: the key it was made under, and what was asked for.
KEY, REQUEST = "billing:grant", "billing:request"

CATEGORIES = ("paid", "promotional")
_MOST_PRICES, _LONGEST_NAME, _MOST = 20, 100, 1000


class StripeGrants:
    """`billing.credits.stripe`. Amounts are whole minor units of a currency."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def create(  # noqa: PLR0913 - what a grant has
        self,
        entity_id: str,
        amount: int,
        currency: str,
        *,
        idempotency_key: str,
        category: str = "paid",
        priority: int = PRIORITY,
        prices: Sequence[str] | None = None,
        name: str | None = None,
        effective_at: datetime | None = None,
        expires_at: datetime | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StripeGrant:
        """Grant an entity's customer money to spend on usage, once for a key: repeated it is answered with the grant.

        `prices` are up to 20 metered prices by their names; without them it pays for every metered price. `category` is
        `paid` or `promotional`, `priority` 0 (used first) to 100. Only metered prices with a meter are paid so, when
        an invoice is finalized. A customer has at most 100 that are not used up.
        https://docs.stripe.com/api/billing/credit-grant/create

        Raises InvalidInput, UnknownName, NoCustomer, CreditConflict (the key was used for another grant),
        StripeRefused, StripeUnavailable: call again with the key.
        """
        key = _inputs.idempotency_key(idempotency_key)
        request = self._request(amount, currency, category, priority, prices, name, effective_at, expires_at)
        digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:40]
        marks = {STACK: self._context.manifest.owner, KEY: key, REQUEST: digest}
        customer = self._customer(entity_id)
        making = Making(f"credit_grant:{key}", self._post, lambda claim: self._find_lost(customer, key, claim))
        asked = request | {"customer": customer, "metadata": _inputs.metadata(metadata) | marks}
        made = self._context.creations.make(entity_id, making, asked)
        body = made.body if made.fresh and made.body is not None else self._read(made.id)
        if body["metadata"].get(REQUEST) != digest:
            raise CreditConflict.of(entity_id, currency, key)
        return self._view(body)

    def get(self, grant_id: str) -> StripeGrant:
        """One grant, as Stripe has it. Raises StripeRefused."""
        return self._view(self._read(grant_id))

    def list(self, entity_id: str) -> tuple[StripeGrant, ...]:
        """Every grant of an entity's customer, newest first, whoever made it. Raises NoCustomer."""
        return tuple(map(self._view, self._pages(self._customer(entity_id))))

    def balance(
        self, entity_id: str, *, grant_id: str | None = None, prices: Sequence[str] | None = None
    ) -> tuple[StripeBalance, ...]:
        """What is left, by currency: of one grant, of those that pay for these prices, or for all that is metered.

        https://docs.stripe.com/api/billing/credit-balance-summary/retrieve
        """
        if grant_id is not None and prices is not None:
            message = "balance takes a grant_id or prices, not both."
            raise InvalidInput(message)
        wanted: Json = {"type": "applicability_scope", "applicability_scope": self._scope(prices)}
        if grant_id is not None:
            wanted = {"type": "credit_grant", "credit_grant": _inputs.identifier(grant_id)}
        asked = cast("CreditBalanceSummaryRetrieveParams", {"customer": self._customer(entity_id), "filter": wanted})
        body = self._context.api.read(
            "read what is left of credits", lambda client: client.v1.billing.credit_balance_summary.retrieve(asked)
        )
        return balances_of(body)

    def transactions(
        self, entity_id: str, *, grant_id: str | None = None, after: str | None = None, limit: int = 100
    ) -> tuple[StripeCreditTransaction, ...]:
        """What was booked, newest first, at most so many (1,000); the next ones come `after=` the id of the last one.

        https://docs.stripe.com/api/billing/credit-balance-transaction/list
        """
        if isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= _MOST:
            message = f"limit must be a whole number from 1 to {_MOST}."
            raise InvalidInput(message)
        given = {"customer": self._customer(entity_id), "credit_grant": grant_id, "starting_after": after}
        filters = cast("CreditBalanceTransactionListParams", {name: one for name, one in given.items() if one})
        rows = self._context.api.pages(
            "list what was booked on credits",
            filters,
            lambda client, page: client.v1.billing.credit_balance_transactions.list(page),
        )
        return tuple(map(transaction_of, islice(rows, limit)))

    def void(self, grant_id: str) -> StripeGrant:
        """Take a grant back of which nothing was used; one that was voided before is answered as it is.

        Raises StripeRefused if something was used: expire it. https://docs.stripe.com/api/billing/credit-grant/void
        """
        return self._ended(
            grant_id,
            "void",
            lambda client, options: client.v1.billing.credit_grants.void_grant(grant_id, {}, options),
            lambda body: body["voided_at"] is not None,
        )

    def expire(self, grant_id: str) -> StripeGrant:
        """End a grant now; one that has expired before is answered as it is. Raises StripeRefused if it was voided.

        https://docs.stripe.com/api/billing/credit-grant/expire
        """
        return self._ended(
            grant_id,
            "expire",
            lambda client, options: client.v1.billing.credit_grants.expire(grant_id, {}, options),
            self._is_expired,
        )

    def _ended(
        self,
        grant_id: str,
        how: str,
        request: Callable[[StripeClient, RequestOptions], Any],
        done: Callable[[Json], bool],
    ) -> StripeGrant:
        body = self._read(_inputs.identifier(grant_id))
        if not done(body):
            try:
                body = self._context.api.write(f"{how} credits", f"billing-{uuid4().hex}", request)
            except StripeRefused:
                body = self._read(grant_id)
                if not done(body):
                    raise
        return self._view(body)

    def _is_expired(self, body: Json) -> bool:
        """Whose end is no later than its last change was ended by hand, on Stripe's own clock."""
        ends = body["expires_at"]
        if ends is None or body["voided_at"] is not None:
            return False
        return bool(ends <= max(body["updated"], to_unix("clock()", self._context.clock())))

    def _request(
        self,
        amount: int,
        currency: str,
        category: str,
        priority: int,
        prices: Sequence[str] | None,
        name: str | None,
        effective_at: datetime | None,
        expires_at: datetime | None,
    ) -> Json:
        if type(amount) is not int or amount < 1:
            message = "amount must be an int of at least 1, in minor units: 1200, not 12.00."
            raise InvalidInput(message)
        if not isinstance(currency, str) or len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            message = "currency must be three letters, such as 'usd'."
            raise InvalidInput(message)
        if category not in CATEGORIES:
            message = f"category must be one of {', '.join(CATEGORIES)}."
            raise InvalidInput(message)
        if name is not None and not 0 < len(name) <= _LONGEST_NAME:
            message = f"name must have 1 to {_LONGEST_NAME} characters."
            raise InvalidInput(message)
        asked = {
            "amount": {"type": "monetary", "monetary": {"currency": currency.lower(), "value": amount}},
            "applicability_config": {"scope": self._scope(prices)},
            "category": category,
            "priority": require_priority(priority),
            "name": name,
            "effective_at": None if effective_at is None else to_unix("effective_at", effective_at),
            "expires_at": None if expires_at is None else to_unix("expires_at", expires_at),
        }
        return {name: value for name, value in asked.items() if value is not None}

    def _scope(self, prices: Sequence[str] | None) -> Json:
        if prices is None:
            return {"price_type": "metered"}
        found = [self._context.manifest.price(name) for name in prices]
        if not 0 < len(found) <= _MOST_PRICES or isinstance(prices, str):
            message = f"prices must be 1 to {_MOST_PRICES} names of metered prices."
            raise InvalidInput(message)
        for price in found:
            if price.type != "metered" or price.meter is None:
                message = f"The price {price.key!r} is not metered: Stripe's credits pay for usage only."
                raise InvalidInput(message)
        return {"prices": [{"id": provisioned(price)} for price in found]}

    def _post(self, request: Json, key: str) -> Json:
        return self._context.api.write(
            "grant credits",
            key,
            lambda client, options: client.v1.billing.credit_grants.create(
                cast("CreditGrantCreateParams", request), options
            ),
        )

    def _find_lost(self, customer: str, key: str, _: Claim) -> Json | None:
        """The grant that a lost answer was about."""
        return next((one for one in self._pages(customer) if (one.get("metadata") or {}).get(KEY) == key), None)

    def _pages(self, customer: str) -> Any:
        filters: CreditGrantListParams = {"customer": customer}
        return self._context.api.pages(
            "list credits", filters, lambda client, page: client.v1.billing.credit_grants.list(page)
        )

    def _read(self, grant_id: str) -> Json:
        return self._context.api.read("read credits", lambda client: client.v1.billing.credit_grants.retrieve(grant_id))

    def _customer(self, entity_id: str) -> str:
        found = self._context.entities.customer_id(_inputs.entity(entity_id))
        if found is None:
            raise NoCustomer.of(entity_id)
        return found

    def _view(self, body: Json) -> StripeGrant:
        names = {price.id: price.key for price in self._context.manifest.prices.values()}
        return grant_of(body, names, KEY)
