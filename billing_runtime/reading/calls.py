"""The calls of `Billing` that read what was used and what it will cost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TextIO, cast

from billing_runtime import _inputs
from billing_runtime.reading.consumption import Consumptions
from billing_runtime.reading.export import Format, write_usage
from billing_runtime.reading.forecasts import Forecasts
from billing_runtime.reading.history import By, Days, Histories, UsageRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from billing_runtime._context import Context
    from billing_runtime.limits.allowances import Allowances
    from billing_runtime.reading.consumption import Consumption
    from billing_runtime.reading.forecast import Forecast


class Reading:
    """What is inherited by `Billing`."""

    _context: Context
    _allowances: Allowances

    def _read(self) -> None:
        self._forecasts = Forecasts(self._context, self._allowances)
        self._consumptions = Consumptions(self._context, self._allowances)
        self._histories = Histories(self._context)

    def consumption(self, entity_id: str, name: str, *, member: str | None = None) -> Consumption:
        """How much of a name the entity has used in its open window, and what is left; from the store alone.

        With `member`, how much he has used within the limit that he has himself. Nothing is written, and nobody waits
        for it. Without a subscription the free plan's limit holds. Raises InvalidInput (also for a member without a
        limit), UnknownName, StoreError.
        """
        member_id = None if member is None else _inputs.holder(member)
        return self._consumptions.of(_inputs.entity(entity_id), _inputs.name(name), member_id)

    def history(
        self,
        entity_id: str,
        name: str,
        *,
        start: date | None = None,
        end: date | None = None,
        by: By | Sequence[By] = "day",
    ) -> tuple[UsageRow, ...]:
        """What the entity used of a name each day (UTC), by member, or for each action; or by several of these.

        `start` and `end` are days, both among it. Units that were given back are taken off the day on which they were
        used; what is only reserved is not in it. Raises InvalidInput, StoreError.
        """
        days, plain = Days(start, end), self._allowances.settings.plain(_inputs.name(name))
        groups = cast("tuple[By, ...]", (by,) if isinstance(by, str) else tuple(by))
        return self._histories.of(_inputs.entity(entity_id), plain, days, groups)

    def export_usage(
        self,
        entity_id: str,
        to: TextIO,
        *,
        format: Format = "csv",  # noqa: A002 - the word for it
        name: str | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> int:
        """Write the entity's usage, of one name or of all, as CSV or JSON, row by row; how many rows there were.

        A row is a day, a name, a member, an action, and an amount in plain digits. Raises InvalidInput, StoreError.
        """
        days = Days(start, end)
        rows = self._exported(_inputs.entity(entity_id), None if name is None else _inputs.name(name), days)
        return write_usage(entity_id, rows, to, format)

    def forecast(
        self, entity_id: str, *, subscription_id: str | None = None, stale: timedelta = timedelta(0)
    ) -> Forecast | None:
        """The next invoice of the entity's subscription, if nothing more were used and nothing changed until then.

        To the cent what Stripe's own preview says, and ahead of it by the usage that is not reported yet. It has what
        is paid ahead for the coming period, the usage of the period that ends, invoice items that wait (prorations),
        discounts and billing credits; `left_out` names what it could not reckon with. Never in it: tax, what the
        customer's balance pays, and that somebody in a trial may not pay. None if no invoice is to come.

        Usage is what was counted here, and what Stripe has been told by others; where no limit counts for the meter,
        what Stripe has counted. Asks Stripe twice or more; with `stale`, not again for so long, unless the subscription
        changed: usage that is counted here is that of now all the same. Raises NoSubscription (several run and none is
        named, or the one named does not), StripeUnavailable. https://docs.stripe.com/api/invoices/create_preview
        """
        return self._forecasts.of(_inputs.entity(entity_id), subscription_id, stale)

    def _exported(self, entity_id: str, name: str | None, days: Days) -> Iterator[UsageRow]:
        names = self._histories.names(entity_id) if name is None else [self._allowances.settings.plain(name)]
        for one in names:
            yield from self._histories.rows(entity_id, one, days)
