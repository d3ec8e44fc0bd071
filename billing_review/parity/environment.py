"""One stack as it sells: what its manifest, its catalog or its account says, in one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from billing_review.parity.allowances import Allowance
from billing_review.steps import Args

Origin = Literal["manifest", "catalog", "account"]
Key = tuple[str, str]
"""Kind and key."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What one stack sells; objects name one another by their keys, never by ids."""

    stack: str
    origin: Origin
    objects: Mapping[Key, Args]
    ids: Mapping[Key, str] = field(default_factory=dict)
    """Ids at Stripe, of what is there; never compared."""
    plans: Mapping[str, Args] = field(default_factory=dict)
    """What plans say beyond their products; an account knows no plans."""
    project: str | None = None
    account: str | None = None
    livemode: bool | None = None
    own_addresses: frozenset[Key] = frozenset()
    """The endpoints whose address the stack's settings declare: theirs differ, as they are meant to."""
    allowed: tuple[Allowance, ...] = ()
    """The differences that the stack's settings allow."""

    def everything(self) -> Iterator[tuple[Key, Args]]:
        """The objects, and the plans as one kind more."""
        yield from ((("Plan", key), plan) for key, plan in self.plans.items())
        yield from self.objects.items()

    def name_of(self, product: str) -> str | None:
        """What customers read of a product, where the source tells it."""
        told = self.plans.get(product, {}).get("name") or self.objects.get(("Product", product), {}).get("name")
        return str(told) if told else None
