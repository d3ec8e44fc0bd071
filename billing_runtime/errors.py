"""What can go wrong at run time, and what to do about it.

BillingError
├── ManifestError                 the manifest cannot be used
│   ├── ManifestNotFound          nothing says where it is, or nothing is there
│   ├── ManifestInvalid           it breaks its JSON Schema or contradicts itself (.problems)
│   ├── ManifestTooNew            it is of a newer major version than this package reads
│   └── NotProvisioned            it was made from the catalog alone: no ids, no account
├── SettingsError                 key, address, stack and manifest do not fit together
│   ├── ApiKeyMissing             no Stripe key was given
│   ├── WrongMode                 a live key on a test stack, or the reverse
│   ├── WrongAccount              the key belongs to another Stripe account than the manifest
│   ├── WrongStack                the manifest is of another stack than the one asked for
│   └── UnsafeAddress             a live key would be sent to an address that is not Stripe's
├── InvalidInput                  an argument of a call is refused before anything is sent (also a ValueError)
├── UnknownName                   no such plan, price, product or meter (also a LookupError; .near)
├── MarksInvalid                  the metadata marks on a Stripe price are not understood
├── NoCustomer                    the entity has no Stripe customer yet
├── NoSeats                       the entity has no subscription with a per-seat price
├── SeatsOutOfRange               the count is above the price's maximum
├── UsageConflict                 the identifier was used before for another amount, customer, meter or time
├── StoreError                    the local store cannot be read or written
└── StripeCallError               a call to Stripe failed (.status, .code, .param, .request_id)
    ├── StripeRefused             Stripe said no: repeating the same call will not help
    └── StripeUnavailable         no usable answer after all retries: the same call may be repeated later
"""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "ApiKeyMissing",
    "BillingError",
    "InvalidInput",
    "ManifestError",
    "ManifestInvalid",
    "ManifestNotFound",
    "ManifestTooNew",
    "MarksInvalid",
    "NoCustomer",
    "NoSeats",
    "NotProvisioned",
    "SeatsOutOfRange",
    "SettingsError",
    "StoreError",
    "StripeCallError",
    "StripeRefused",
    "StripeUnavailable",
    "UnknownName",
    "UnsafeAddress",
    "UsageConflict",
    "WrongAccount",
    "WrongMode",
    "WrongStack",
]

# Keys and signing secrets of Stripe, wherever they turn up.
_SECRET = re.compile(r"(?<![A-Za-z0-9])(?:(?:sk|rk|pk|ek)_(?:org_)?(?:test|live)|whsec)_[A-Za-z0-9_*.]+")


def without_secrets(text: str) -> str:
    """The text with every Stripe key and signing secret blotted out."""
    return _SECRET.sub("[hidden]", text)


class BillingError(Exception):
    """Something billing_runtime could not do."""

    def __init__(self, message: str) -> None:
        super().__init__(without_secrets(message))


class ManifestError(BillingError):
    """The manifest cannot be used."""


class ManifestNotFound(ManifestError):
    """Nothing says where the manifest is, or nothing is there."""

    @classmethod
    def nowhere(cls) -> ManifestNotFound:
        """Neither argument nor environment names a manifest or a stack."""
        return cls(
            "No manifest: pass manifest= (a path or a dict) or stack= to Billing.open, "
            "or set BILLING_MANIFEST to a path or to the JSON itself."
        )

    @classmethod
    def no_file(cls, path: object) -> ManifestNotFound:
        """The path leads to no readable file."""
        return cls(f"No manifest at {path}: write it with `pulumi stack output manifest --json > {path}`.")

    @classmethod
    def no_output(cls, where: object) -> ManifestNotFound:
        """A state without the output `manifest`."""
        return cls(f"{where} has no output `manifest`: run `billing up` on this stack first.")

    @classmethod
    def encrypted(cls, where: object) -> ManifestNotFound:
        """The output is marked secret, so the state file holds only its ciphertext."""
        return cls(f"The output `manifest` in {where} is encrypted: export it as a plain output, it holds no secrets.")

    @classmethod
    def no_pulumi(cls, stack: str) -> ManifestNotFound:
        """The manifest should come from the Pulumi CLI, which is not installed."""
        return cls(
            f"The manifest of stack {stack!r} comes from `pulumi stack output`, and there is no `pulumi` on PATH: "
            "install the Pulumi CLI, pass manifest=, or set BILLING_MANIFEST."
        )

    @classmethod
    def pulumi_failed(cls, stack: str, why: str) -> ManifestNotFound:
        """The Pulumi CLI ran and had nothing to give."""
        return cls(f"`pulumi stack output manifest --stack {stack}` failed: {why}")

    @classmethod
    def ambiguous_stack(cls, stack: str, paths: Iterable[object]) -> ManifestNotFound:
        """Several projects in the backend have a stack of this name."""
        return cls(f"Several projects have a stack {stack!r}, pass one of manifest={', '.join(map(str, paths))}.")


class ManifestInvalid(ManifestError):
    """The manifest breaks its JSON Schema or contradicts itself; `problems` lists every fault."""

    def __init__(self, where: object, problems: Sequence[str]) -> None:
        self.problems = tuple(without_secrets(problem) for problem in problems)
        shown = "; ".join(self.problems[:_SHOWN])
        rest = f"; and {len(self.problems) - _SHOWN} more" if len(self.problems) > _SHOWN else ""
        super().__init__(f"The manifest in {where} is broken, write it anew with `billing up`: {shown}{rest}")


_SHOWN = 20


class ManifestTooNew(ManifestError):
    """The manifest is of a newer major version than this package reads."""

    @classmethod
    def of(cls, where: object, version: int, known: int) -> ManifestTooNew:
        """Name both versions."""
        return cls(
            f"The manifest in {where} has version {version}, this billing_runtime reads up to {known}: "
            "upgrade billing-resources in the application."
        )


class NotProvisioned(ManifestError):
    """The manifest was made from the catalog alone: no ids, no account."""

    @classmethod
    def account(cls) -> NotProvisioned:
        """The manifest names no account."""
        return cls(
            "The manifest names no Stripe account, so it was made from the catalog alone: run `billing up` first."
        )

    @classmethod
    def object(cls, kind: str, key: str) -> NotProvisioned:
        """The object has no id."""
        return cls(f"The {kind} {key!r} has no Stripe id in this manifest: run `billing up` first.")


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


class InvalidInput(BillingError, ValueError):
    """An argument of a call is refused before anything is sent."""


class UnknownName(BillingError, LookupError):
    """No such plan, price, product or meter in the manifest; `near` lists similar names."""

    def __init__(self, kind: str, name: str, *, near: Sequence[str], known: Sequence[str]) -> None:
        self.kind, self.name, self.near, self.known = kind, name, tuple(near), tuple(known)
        super().__init__(f"No {kind} {name!r} in the manifest{self._hint()}")

    def _hint(self) -> str:
        if self.near:
            return f": did you mean {' or '.join(map(repr, self.near))}?"
        if self.known:
            return f": there are {', '.join(self.known[:_SHOWN])}."
        return ", which has none."


class MarksInvalid(BillingError):
    """The metadata marks on a Stripe price are not understood."""

    @classmethod
    def of(cls, price_id: str, mark: str, why: str) -> MarksInvalid:
        """Name the price and the mark."""
        return cls(f"The mark {mark!r} on Stripe price {price_id} {why}: run `billing refresh` and `billing up`.")


class NoCustomer(BillingError):
    """The entity has no Stripe customer yet."""

    @classmethod
    def of(cls, entity_id: str) -> NoCustomer:
        """Name the entity and the call that helps."""
        return cls(
            f"Entity {entity_id!r} has no Stripe customer: call billing.customers.ensure({entity_id!r}, …) first."
        )


class NoSeats(BillingError):
    """The entity has no subscription with a per-seat price."""

    @classmethod
    def of(cls, entity_id: str, price: str | None = None) -> NoSeats:
        """Name the entity and, if one was asked for, the price."""
        wanted = f"the price {price!r}" if price else "a per-seat price that follows members"
        return cls(f"Entity {entity_id!r} has no running subscription on {wanted}: subscribe it first.")


class SeatsOutOfRange(BillingError):
    """The count is above the price's maximum."""

    @classmethod
    def above(cls, price: str, *, wanted: int, maximum: int) -> SeatsOutOfRange:
        """Name the price, the wanted count and the maximum."""
        return cls(f"Price {price!r} allows at most {maximum} seats, {wanted} are wanted: nothing was changed.")


class UsageConflict(BillingError):
    """The identifier was used before for another amount, customer, meter or time."""

    @classmethod
    def of(cls, identifier: str) -> UsageConflict:
        """Name the identifier."""
        return cls(
            f"Usage {identifier!r} was recorded before with another amount, customer, meter or timestamp: "
            "a new use needs a new identifier."
        )


class StoreError(BillingError):
    """The local store cannot be read or written."""


class StripeCallError(BillingError):
    """A call to Stripe failed."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        param: str | None = None,
        kind: str | None = None,
        request_id: str | None = None,
        replayed: bool = False,
        detail: str = "",
    ) -> None:
        self.status, self.code, self.param, self.kind = status, code, param, kind
        self.request_id, self.replayed, self.detail = request_id, replayed, without_secrets(detail)
        super().__init__(message)


class StripeRefused(StripeCallError):
    """Stripe said no: repeating the same call will not help."""


class StripeUnavailable(StripeCallError):
    """No usable answer after all retries: the same call may be repeated later."""
