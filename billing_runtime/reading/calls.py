"""The calls of `Billing` that read what was used and what it will cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from billing_runtime import _inputs
from billing_runtime.reading.forecasts import Forecasts

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime.reading.forecast import Forecast


class Reading:
    """What is inherited by `Billing`."""

    _context: Context
    _forecasts: Forecasts

    def _read(self) -> None:
        self._forecasts = Forecasts(self._context)

    def forecast(
        self, entity_id: str, *, subscription_id: str | None = None, stale: timedelta = timedelta(0)
    ) -> Forecast | None:
        """The next invoice of the entity's subscription, if nothing more were used and nothing changed until then.

        To the cent what Stripe's own preview says, and ahead of it by the usage that is not reported yet. It has what
        is paid ahead for the coming period, the usage of the period that ends, invoice items that wait (prorations),
        discounts and billing credits; `left_out` names what it could not reckon with. Never in it: tax, what the
        customer's balance pays, and that somebody in a trial may not pay. None if no invoice is to come.

        Asks Stripe twice or more; with `stale`, not again for so long, unless the subscription changed: usage that is
        counted here is that of now all the same. Raises NoSubscription (several run and none is named, or the one
        named does not), StripeUnavailable. https://docs.stripe.com/api/invoices/create_preview
        """
        return self._forecasts.of(_inputs.entity(entity_id), subscription_id, stale)
