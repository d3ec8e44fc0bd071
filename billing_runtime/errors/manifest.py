"""The manifest cannot be used."""
# ruff: noqa: N818 - names say what happened; the root says that they are errors

from __future__ import annotations

from typing import TYPE_CHECKING

from billing_runtime.errors.root import SHOWN, BillingError, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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
        shown = "; ".join(self.problems[:SHOWN])
        rest = f"; and {len(self.problems) - SHOWN} more" if len(self.problems) > SHOWN else ""
        super().__init__(f"The manifest in {where} is broken, write it anew with `billing up`: {shown}{rest}")


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
