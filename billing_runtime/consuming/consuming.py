"""The calls of `Billing` that use up what a plan allows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from billing_runtime import _inputs
from billing_runtime.consuming import asked
from billing_runtime.consuming.counted import Want
from billing_runtime.consuming.ending import Commit, Refund, Release
from billing_runtime.consuming.operations import Consume
from billing_runtime.consuming.refusals import Refusals
from billing_runtime.consuming.reservation import Reservation
from billing_runtime.consuming.taken import taken_of
from billing_runtime.errors import InvalidInput, StoreError, UnknownReceipt
from billing_runtime.limits.costs import cost
from billing_runtime.limits.counting import amount_of, amount_text

if TYPE_CHECKING:
    from billing_runtime._books.commit import Ledger
    from billing_runtime._context import Context
    from billing_runtime._leases.leasing import Leasing
    from billing_runtime.consuming.debts import Debts
    from billing_runtime.consuming.decision import Decision
    from billing_runtime.consuming.failure import OnFailure
    from billing_runtime.consuming.journal import Debt
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.limits.counting import Amount

#: How long units are held unless it is said otherwise, and at most.
HOLD, LONGEST_HOLD = timedelta(minutes=10), timedelta(days=1)


class Consuming:
    """What is inherited by `Billing`."""

    _context: Context
    _ledger: Ledger
    _allowances: Allowances
    _leasing: Leasing | None
    _debts: Debts

    @cached_property
    def _refusals(self) -> Refusals:
        return Refusals(self._ledger)

    def consume(
        self,
        entity_id: str,
        name: str,
        amount: Amount = 1,
        *,
        enforce: bool = True,
        idempotency_key: str | None = None,
        member: str | None = None,
        action: str | None = None,
        on_failure: OnFailure | None = None,
    ) -> Decision:
        """Use so much of what the entity's plan allows; whether it may, in a decision that is on disk.

        With `enforce=False` it is counted and NEVER refused: usage may pass the limit, and `overage` tells the excess.
        The decision, its counter and what Stripe is to be told are committed together before this returns; a refusal
        leaves nothing. Repeated with the same idempotency key it answers what it answered the first time and counts
        once; a refusal does not use the key up. Amounts are more than 0, and whole numbers if a meter reports them.
        `member` is whose use it is, `action` what for (both show in the history). `name` may be an action that has a
        cost (`LimitSettings.costs`): what it costs is used, all of it or nothing. Where `Billing.open(leases=…)` lends
        units out, a call without any of these may be decided in memory and told later (docs/runtime-leases.md).

        With `on_failure="open"` a use that the store cannot take is allowed, with the reason "store unavailable" and no
        receipt: it is written down beside the process, and counted once when the store is back; None is as
        `FailureSettings` say.

        Raises InvalidInput, UnknownName, ConsumeConflict (the key was used for another call), StoreError: then nothing
        was counted, or it is not known, and the call may be repeated with its key.
        """
        plain = enforce and idempotency_key is None and member is None and action is None
        leasing = self._leasing if plain else None
        if leasing is not None and type(amount) is int and amount > 0:
            made = leasing.consume(entity_id, name, amount)  # what has a slice has been checked before
            if made is not None:
                return made
        wants = self._uses(name, amount, member, action)
        is_open = self._context.failure.chosen(on_failure) == "open"
        # Whether a commit that failed has counted is not known: so what may be owed has a key, and counts once.
        key = f"open/{uuid4().hex}" if is_open and idempotency_key is None else idempotency_key
        operation = self._consume(entity_id, wants, enforce, key, None)
        if leasing is not None and wants[0].rate is None and type(wants[0].amount) is int:
            made = leasing.next(entity_id, wants[0].name, wants[0].amount)
            if made is not None:
                return made
        return self._decided_or_owed(operation) if is_open else self._decided(operation)

    def consume_all(
        self,
        entity_id: str,
        amounts: Mapping[str, Amount],
        *,
        enforce: bool = True,
        idempotency_key: str | None = None,
        member: str | None = None,
        action: str | None = None,
    ) -> Decision:
        """Use so much of several names: all of them, or nothing. Otherwise like `consume`."""
        wants = self._wants(amounts, member, action)
        return self._decided(self._consume(entity_id, wants, enforce, idempotency_key, None))

    def reserve(
        self,
        entity_id: str,
        name: str | Mapping[str, Amount],
        amount: Amount = 1,
        *,
        expires_in: timedelta = HOLD,
        enforce: bool = True,
        idempotency_key: str | None = None,
        member: str | None = None,
        action: str | None = None,
    ) -> Reservation:
        """Hold so much while the work is done: it counts against the limit until it is committed, released or expires.

        `name` may be a mapping of names to amounts. Commit says what was really used; after the expiry too, since the
        work was done: it is counted then, beyond the limit if need be. Raises as `consume` does.
        """
        seconds = int(expires_in.total_seconds())
        if not 0 < seconds <= LONGEST_HOLD.total_seconds():
            message = "expires_in must be at least a second and at most a day."
            raise InvalidInput(message)
        wants = (
            self._wants(name, member, action) if isinstance(name, Mapping) else self._uses(name, amount, member, action)
        )
        decision = self._decided(self._consume(entity_id, wants, enforce, idempotency_key, seconds))
        return Reservation(
            entity_id, ", ".join(dict.fromkeys(want.name for want in wants)), decision, self.commit, self.release
        )

    def commit(self, receipt: str, amount: Amount | Mapping[str, Amount] | None = None) -> Decision:
        """Of what was reserved, so much was used (None: all); the rest is given back. May be repeated.

        Raises UnknownReceipt, ReservationEnded (committed with other amounts, or released), InvalidInput, StoreError.
        """
        entity_id, parts = self._about(receipt)
        return self._ledger.do(Commit(entity_id, receipt, self._amounts(parts, amount, zero=True)))

    def release(self, receipt: str) -> bool:
        """Nothing of what was reserved was used; False if it had expired or was released before.

        Raises UnknownReceipt, ReservationEnded (it was committed: refund it), StoreError.
        """
        entity_id, _ = self._about(receipt)
        return self._ledger.do(Release(entity_id, receipt))

    def refund(
        self,
        receipt: str,
        amount: Amount | Mapping[str, Amount] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Mapping[str, Amount]:
        """Give back what a decision took (None: what is left of it), to where it came from; how much of each name.

        Last in, first out: what was beyond the limit, then credits, then carried units, then what the window included;
        also if that window is over. Never more than was taken. What Stripe was told is corrected. A part may be given
        back several times; to repeat such a call safely give it an idempotency key.

        Raises UnknownReceipt, RefundTooLarge, ReservationEnded (a reservation is released), StoreError.
        """
        entity_id, parts = self._about(receipt)
        key = None if idempotency_key is None else _inputs.idempotency_key(idempotency_key)
        return self._ledger.do(Refund(entity_id, receipt, self._amounts(parts, amount), key))

    def _decided(self, operation: Consume) -> Decision:
        """Decided in the store; a refusal only after what is lent out has been asked back."""
        return self._final(operation, self._ledger.do(operation))

    def _final(self, operation: Consume, first: Decision) -> Decision:
        decision = self._asked_back(operation, first)
        if not decision.allowed and self._allowances.settings.tell_refusals:
            self._refusals.tell(operation.entity_id, decision)
        return decision

    def _asked_back(self, operation: Consume, decision: Decision) -> Decision:
        if decision.allowed or self._leasing is None:
            return decision
        returned = [self._leasing.recall(operation.entity_id, want.name) for want in operation.wants]
        return self._ledger.do(operation) if any(returned) else decision

    def _decided_or_owed(self, use: Consume) -> Decision:
        try:
            decision = self._ledger.do(use)
        except StoreError as failure:
            return self._debts.allow(use, failure)
        return self._final(use, decision)  # a store that is away by now makes no yes of a no

    def _owed_use(self, debt: Debt) -> Consume:
        wants = self._uses(debt.name, amount_of(debt.amount), debt.member, debt.action)
        return self._consume(debt.entity_id, wants, debt.enforce, debt.key, None)

    def _consume(
        self, entity_id: str, wants: tuple[Want, ...], enforce: bool, key: str | None, seconds: int | None
    ) -> Consume:
        _inputs.entity(entity_id)
        if key is None:
            return Consume(entity_id, wants, enforce, None, "", seconds)
        said = [[want.name, amount_text(want.amount), want.member_id, want.action] for want in wants]
        request = hashlib.sha256(json.dumps([said, enforce, seconds]).encode()).hexdigest()
        return Consume(entity_id, wants, enforce, _inputs.idempotency_key(key), request, seconds)

    def _uses(self, name: str, amount: Amount, member: str | None, action: str | None) -> tuple[Want, ...]:
        """What is wanted of a limit; of an action that has a cost, what that is."""
        plain, units = self._allowances.settings.plain(_inputs.name(name)), _inputs.units("amount", amount)
        holder = "" if member is None else _inputs.holder(member)
        costs = self._allowances.settings.prices.get(plain)
        if costs is None:
            return (Want(plain, units, holder, "" if action is None else _inputs.name(action)),)
        if action is not None:
            message = f"{plain!r} has a cost, so it is an action itself: leave `action` out."
            raise InvalidInput(message)
        return tuple(Want(limit, cost(units, rate), holder, plain, rate) for limit, rate in costs)

    def _wants(self, amounts: Mapping[str, Amount], member: str | None, action: str | None) -> tuple[Want, ...]:
        if not amounts:
            message = "No amounts were given: name at least one."
            raise InvalidInput(message)
        if len(set(map(self._allowances.settings.plain, amounts))) < len(amounts):
            message = "A name was given twice, with and without its prefix."
            raise InvalidInput(message)
        return tuple(want for name in sorted(amounts) for want in self._uses(name, amounts[name], member, action))

    def _about(self, receipt: str) -> tuple[str, str]:
        """Whose decision it is, and what it took."""
        with self._context.store.reading(self._context.scope) as reading:
            row = reading.one("find_decision", receipt=_inputs.name(receipt))
        if row is None:
            raise UnknownReceipt.of(receipt)
        return row["entity_id"], row["parts"]

    def _amounts(
        self, parts: str, amount: Amount | Mapping[str, Amount] | None, *, zero: bool = False
    ) -> asked.Amounts | None:
        if amount is None:
            return None
        if not isinstance(amount, Mapping):
            return asked.named(taken_of(parts), _inputs.units("amount", amount, zero=zero))
        plain = self._allowances.settings.plain
        return {plain(name): _inputs.units("amount", units, zero=zero) for name, units in amount.items()}
