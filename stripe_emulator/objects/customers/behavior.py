"""What a payment method does when it is charged or saved: the bank's answers that test methods stand for.

https://docs.stripe.com/testing
"""

from __future__ import annotations

from dataclasses import dataclass

from stripe_emulator.errors.declines import Decline


@dataclass(frozen=True)
class Behavior:
    """How payments with a method end."""

    decline: Decline | None = None
    refuses_to_attach: bool = False
    authentication: str = "never"
    """`never`, `always`, `unless_set_up` (on-session always), `on_session` (the bank knows of later payments)."""
    is_disputed: bool = False
    takes_days: bool = False
    """Whether money is debited from an account, which is known to have worked only days later."""

    @property
    def outcome(self) -> str:
        """In a word, how a payment ends: attach_declined, requires_action, takes_days, declined or succeeds."""
        if self.refuses_to_attach:
            return "attach_declined"
        if self.authentication != "never":
            return "requires_action"
        if self.takes_days:
            return "takes_days"
        return "declined" if self.decline else "succeeds"

    def must_authenticate(self, *, off_session: bool, is_set_up: bool) -> bool:
        """Say whether the customer has to confirm a payment with the bank."""
        if self.authentication == "unless_set_up":
            return not (off_session and is_set_up)
        return self.authentication == "always" or (self.authentication == "on_session" and not off_session)

    def must_authenticate_setup(self) -> bool:
        """Say whether the customer has to confirm with the bank that the method may be used later."""
        return self.authentication in ("always", "unless_set_up")


PAYS = Behavior()
"""A method with which everything works."""
