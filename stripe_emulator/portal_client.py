"""The customer portal without a browser: what its customer presses, as calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Document = dict[str, Any]


class Caller(Protocol):
    """Whatever speaks to the admin addresses."""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask one address; a refusal is a ValueError."""
        ...


@dataclass(frozen=True)
class PortalClient:
    """One customer in one session; each call answers with the object that changed, a refusal is a ValueError."""

    emulator: Caller
    session: str

    def update(self, subscription: str, **choice: Any) -> Document:
        """Switch to another `price` or `quantity` that is offered, perhaps with a `promotion_code`."""
        return self.do("update", subscription=subscription, **choice)

    def preview(self, subscription: str, **choice: Any) -> Document:
        """Return the invoice that such a change would make."""
        return self.do("preview", subscription=subscription, **choice)

    def confirm_update(self) -> Document:
        """Agree to what a confirmation flow proposes."""
        return self.do("confirm_update")

    def cancel(self, subscription: str, *, feedback: str | None = None, comment: str | None = None) -> Document:
        """Cancel as the configuration says, perhaps with a reason."""
        return self.do("cancel", subscription=subscription, feedback=feedback, comment=comment)

    def accept_offer(self) -> Document:
        """Stay, with the coupon that a cancellation flow offers."""
        return self.do("accept_offer")

    def renew(self, subscription: str) -> Document:
        """Take an announced end back."""
        return self.do("renew", subscription=subscription)

    def pause(self, subscription: str, *, duration: int | None = None) -> Document:
        """Pause, for the configured duration at this place."""
        return self.do("pause", subscription=subscription, duration=duration)

    def resume(self, subscription: str) -> Document:
        """Take up a paused subscription."""
        return self.do("resume", subscription=subscription)

    def add_payment_method(self, payment_method: str = "pm_card_visa", *, default: bool = True) -> Document:
        """Save a card."""
        return self.do("add_payment_method", payment_method=payment_method, default=default)

    def remove_payment_method(self, payment_method: str) -> Document:
        """Forget a card."""
        return self.do("remove_payment_method", payment_method=payment_method)

    def set_default_payment_method(self, payment_method: str) -> Document:
        """Pay with another card from now on."""
        return self.do("set_default_payment_method", payment_method=payment_method)

    def update_customer(self, **data: Any) -> Document:
        """Change name, email, phone, address or shipping, as far as the configuration allows."""
        return self.do("update_customer", **data)

    def pay_invoice(self, invoice: str, *, payment_method: str | None = None) -> Document:
        """Pay an open invoice."""
        return self.do("pay_invoice", invoice=invoice, payment_method=payment_method)

    def do(self, action: str, **given: Any) -> Document:
        """Do one thing; what is None is left out."""
        body = {name: value for name, value in given.items() if value is not None}
        return dict(self.emulator.call("POST", f"/portal_sessions/{self.session}/{action}", body))
