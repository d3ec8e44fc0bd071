"""Key, address, stack and manifest do not fit together."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from billing_runtime.errors.root import BillingError


class SettingsError(BillingError):
    """Key, address, stack and manifest do not fit together."""


class ApiKeyMissing(SettingsError):
    """No Stripe key was given, or none that can be one."""

    @classmethod
    def absent(cls) -> ApiKeyMissing:
        """No key at all."""
        return cls("No Stripe key: set STRIPE_API_KEY or pass api_key= to Billing.open.")

    @classmethod
    def unknown_shape(cls) -> ApiKeyMissing:
        """A value that is no secret or restricted key."""
        return cls(
            "The Stripe key is neither a secret nor a restricted key: it must begin with sk or rk and name a mode."
        )


class WrongMode(SettingsError):
    """A live key on a test stack, or the reverse."""

    @classmethod
    def of(cls, stack: str, *, manifest_live: bool) -> WrongMode:
        """Name the stack and both modes."""
        wanted, given = ("live", "test") if manifest_live else ("test", "live")
        return cls(
            f"The manifest of stack {stack!r} is for {wanted} mode, the key is a {given} key: use a {wanted} key."
        )


class WrongAccount(SettingsError):
    """The key belongs to another Stripe account than the manifest."""

    @classmethod
    def of(cls, stack: str, *, expected: str, actual: str) -> WrongAccount:
        """Name the stack and both accounts."""
        return cls(
            f"The manifest of stack {stack!r} is for Stripe account {expected}, the key belongs to {actual}: "
            "use that account's key, or this account's manifest."
        )


class WrongStack(SettingsError):
    """The manifest is of another stack than the one asked for."""

    @classmethod
    def of(cls, *, asked: str, found: str, where: object) -> WrongStack:
        """Name both stacks."""
        return cls(f"Stack {asked!r} was asked for, but the manifest in {where} is of stack {found!r}.")


class EndpointUnreadable(SettingsError):
    """A webhook endpoint sends events of an API version that this package does not parse."""

    @classmethod
    def of(cls, key: str, version: str, known: str) -> EndpointUnreadable:
        """Name the endpoint and both versions."""
        return cls(
            f"The webhook endpoint {key!r} sends events of API version {version}, this billing_runtime reads up to "
            f"{known}: upgrade billing-resources in the application, or set the endpoint's api_version to {known}."
        )


class UnsafeAddress(SettingsError):
    """A live key would be sent to an address that is not Stripe's."""

    @classmethod
    def live_key(cls, address: str) -> UnsafeAddress:
        """Name the address."""
        return cls(f"A live key is sent to https://api.stripe.com only, not to {address}: unset STRIPE_API_BASE.")

    @classmethod
    def no_url(cls) -> UnsafeAddress:
        """The base address is no http(s) URL."""
        return cls(
            "The Stripe base address must be an http or https URL without a query, such as http://127.0.0.1:12111."
        )


class WebhookSecretMissing(SettingsError):
    """No signing secret is known, so that no webhook can be believed."""

    @classmethod
    def of(cls, why: str = "") -> WebhookSecretMissing:
        """Say where one could come from; `why` is what stood in the way."""
        return cls(
            "No webhook signing secret: set BILLING_WEBHOOK_SECRETS to the stack's output webhookSecrets, or pass "
            f"webhook_secrets= to Billing.open{f' ({why})' if why else ''}."
        )

    @classmethod
    def not_understood(cls) -> WebhookSecretMissing:
        """What was given holds something else than secrets."""
        return cls(
            "The webhook signing secrets are not understood: give one or several that begin with whsec, or a JSON "
            "object of them by endpoint as in the stack's output webhookSecrets."
        )
