"""What can go wrong while declaring and provisioning.

BillingResourceError
├── InvalidDeclaration     the program or the catalog asks for something Stripe has no meaning for
│   └── InvalidCatalog     a catalog file with its problems, each with a line (billing_resources.catalog.problems)
├── InvalidManifest        the manifest breaks its own schema: a fault of ours (billing_resources.catalog.manifest)
├── SettingsError          no key, a key of the wrong mode, a foreign address, another account
├── DestructionRefused     something would be removed from a live stack that does not allow it
├── OwnershipError         the object exists and belongs to somebody else, or to nobody
├── ReplacementRefused     carrying out the change would split usage or lose history
└── StripeRefused          Stripe answered with an error that a retry does not mend
"""

from __future__ import annotations


class BillingResourceError(Exception):
    """Anything this package raises on purpose; its text is one sentence for a person.

    ``brief`` alone is enough for a reader who was told the rest, ``advice``, of another resource already.
    """

    def __init__(self, brief: str, advice: str = "") -> None:
        self.brief, self.advice = brief, advice
        super().__init__(brief + advice)


class InvalidDeclaration(BillingResourceError):  # noqa: N818 - reads as what happened
    """The program or the catalog asks for something Stripe has no meaning for."""

    def __init__(self, heading: str, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n  ".join([heading, *problems]))


class SettingsError(BillingResourceError):
    """The key, its mode, the address or the account do not fit the stack."""

    @classmethod
    def no_key(cls) -> SettingsError:
        """Nothing says which Stripe account to use."""
        return cls(
            "no Stripe API key: set STRIPE_API_KEY in the environment, "
            "or run `pulumi config set --secret stripe:apiKey`"
        )

    @classmethod
    def malformed_key(cls) -> SettingsError:
        """The key is not one that can write to an account."""
        return cls("the Stripe API key must begin with sk_test_, sk_live_, rk_test_, rk_live_ or sk_org_")

    @classmethod
    def wrong_mode(cls, key_mode: str, stack_mode: str) -> SettingsError:
        """A live key on a test stack, or the reverse."""
        return cls(
            f"the Stripe API key is a {key_mode} key, but stripe:mode of this stack is {stack_mode}: "
            f"use a {stack_mode} key, or another stack"
        )

    @classmethod
    def unknown_mode(cls, mode: str) -> SettingsError:
        """``stripe:mode`` is neither test nor live."""
        return cls(f"stripe:mode must be test or live, not {mode!r}")

    @classmethod
    def bad_rate_limit(cls) -> SettingsError:
        """``stripe:rateLimit`` is no number of requests."""
        return cls("stripe:rateLimit must be a whole number of requests in a second, from 1 to 9999")

    @classmethod
    def live_key_elsewhere(cls, base: str) -> SettingsError:
        """A live key must never leave for anything but Stripe."""
        return cls(f"a live key is only ever sent to https://api.stripe.com, not to {base}: unset STRIPE_API_BASE")

    @classmethod
    def wrong_account(cls, actual: str, expected: str, source: str) -> SettingsError:
        """The key opens an account that is not the stack's."""
        return cls(f"the key belongs to {actual}", f", but {source} says {expected}: use that account's key")

    @classmethod
    def unclear_permission(cls) -> SettingsError:
        """``billing:allowDestructive`` is neither true nor false."""
        return cls("billing:allowDestructive and BILLING_ALLOW_DESTRUCTIVE must be true or false")


class DestructionRefused(BillingResourceError):  # noqa: N818 - reads as what happened
    """Something would be removed from a live stack that does not allow it."""

    @classmethod
    def on_live_stack(cls, what: str) -> DestructionRefused:
        """The setting has to say that it is meant."""
        return cls(
            f"will not {what} on a live stack",
            ": look at the preview, and if that is meant run `pulumi config set billing:allowDestructive true` "
            "(for a destroy set BILLING_ALLOW_DESTRUCTIVE=true, too)",
        )


class OwnershipError(BillingResourceError):
    """The object exists already and belongs to another stack, or to nobody."""

    @classmethod
    def taken(cls, what: str, object_id: str, owner: str) -> OwnershipError:
        """Another stack or resource made it."""
        return cls(f"{what} is in use by {object_id}, which belongs to {owner}: choose another, or remove it there")

    @classmethod
    def unowned(cls, what: str, object_id: str, token: str, key: str) -> OwnershipError:
        """Nobody's marks are on it, so taking it over has to be said."""
        return cls(
            f"{what} is in use by {object_id}, which no stack owns: set adopt=True, "
            f"or run `pulumi import {token} {key} {object_id}`"
        )

    @classmethod
    def differs(cls, what: str, object_id: str, fields: list[str]) -> OwnershipError:
        """It could be taken over, but Stripe cannot change these fields of it."""
        return cls(
            f"{what} belongs to {object_id}, which differs in {', '.join(fields)}: Stripe cannot change that, "
            "so declare it as it is there or choose another name"
        )


class ReplacementRefused(BillingResourceError):  # noqa: N818 - reads as what happened
    """Carrying out the change would split usage or lose history."""

    @classmethod
    def live_prices(cls, meter: str, users: list[str]) -> ReplacementRefused:
        """Prices bill from the meter."""
        return cls(
            f"{meter} cannot be replaced while {', '.join(users)} bill from it: declare a new meter with a new "
            "event_name and a new price on it, migrate the customers, then remove the old ones"
        )

    @classmethod
    def same_event_name(cls, meter: str, object_id: str) -> ReplacementRefused:
        """The new meter would take the event name of the old one while that still counts."""
        return cls(
            f"{meter} cannot be replaced under its event_name, which {object_id} holds while it is active: "
            "give the new meter a new event_name"
        )


class StripeRefused(BillingResourceError):  # noqa: N818 - reads as what happened
    """Stripe answered with an error that a retry does not mend."""

    def __init__(
        self,
        sentence: str,
        advice: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        request_id: str = "",
        is_kept: bool = False,
        is_replayed: bool = False,
    ) -> None:
        self.status, self.code, self.request_id = status, code, request_id
        self.is_kept = is_kept
        """Whether Stripe answers the same again under the same idempotency key."""
        self.is_replayed = is_replayed
        super().__init__(sentence, advice)

    @property
    def is_gone(self) -> bool:
        """Whether Stripe says that the object is not there; a missing object that a parameter names is a 400."""
        return self.status == 404
