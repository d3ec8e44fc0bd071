"""Saving a way to pay for later (https://docs.stripe.com/api/setup_intents)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from billing_runtime.customers import ENTITY, STACK

if TYPE_CHECKING:
    from billing_runtime._context import Context

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SetupIntent:
    """A way to pay that is being saved; the page confirms it with `client_secret`."""

    id: str
    client_secret: str = field(repr=False)


def begin_setup(context: Context, entity_id: str, customer_id: str) -> SetupIntent:
    """A new setup intent of the customer, for payments while it is away."""
    marks = {ENTITY: entity_id, STACK: context.manifest.owner}
    # A random key: an intent that nobody confirms costs nothing and ends by itself.
    body = context.api.write(
        "begin to save a way to pay",
        f"billing-{uuid4().hex}",
        lambda client, options: client.v1.setup_intents.create(
            {"customer": customer_id, "usage": "off_session", "metadata": marks}, options
        ),
    )
    return SetupIntent(body["id"], body["client_secret"])
