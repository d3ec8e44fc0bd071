"""A price and its successor at the emulated Stripe, customers on the old one, and the migrations of their account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from billing_runtime import Manifest, load_manifest
from billing_runtime.migration import Migrations, open_migrations
from tests.billing_runtime.conftest import IMPATIENT, example, price

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
BEGINNING = 1_769_860_800  # 2026-01-31T12:00:00Z
SEATS = {"mode": "purchased", "minimum": 1, "maximum": 50}


@dataclass
class Shop:
    """One account: `old` is archived, `new` is its successor under the same key."""

    client: stripe.StripeClient
    emulator: EmulatorClient
    account: str
    folder: Path
    product: str = ""
    old: str = ""
    new: str = ""
    data: Json = field(default_factory=dict)
    now: int = BEGINNING

    @classmethod
    def opened(cls, emulator: EmulatorClient, folder: Path, name: str = "emulator") -> Shop:
        """Make the two prices; the old one is archived only by `archive`, for it must be subscribed to first."""
        client = stripe.StripeClient(f"sk_test_{name}", base_addresses={"api": emulator.url}, max_network_retries=0)
        shop = cls(client, emulator, f"acct_{name}", folder)
        shop.product = client.v1.products.create({"name": "Team"}).id
        shop.old = shop.price(1200)
        shop.new = shop.price(1400)
        shop.data = shop.manifest_data()
        return shop

    def price(self, unit_amount: int, **facts: Any) -> str:
        """A monthly per-seat price with marks."""
        marks = {"billing:stack": "shop/dev", "billing:key": "team.monthly", "billing:type": "per_seat"}
        marks["billing:seats"] = "purchased minimum=1 maximum=50"
        usual: Json = {"product": self.product, "currency": "usd", "unit_amount": unit_amount, "metadata": marks}
        asked: Any = {"recurring": {"interval": "month"}, **usual, **facts}
        return self.client.v1.prices.create(asked).id

    def manifest_data(self) -> Json:
        """The manifest of the stack: the new price is sold."""
        data = example()
        facts = price(id=self.new, type="per_seat", seats=SEATS, unit_amount_decimal="1400")
        return data | {"account": self.account, "prices": {**data["prices"], "team.monthly": facts}}

    def manifest(self) -> Manifest:
        """As the runtime reads it."""
        return load_manifest(self.data)

    def archive(self) -> None:
        """As provisioning archives a replaced price: it gives up its owner and keeps its key."""
        self.client.v1.prices.update(self.old, {"active": False, "metadata": {"billing:stack": ""}})

    def subscribe(self, quantity: int | None = 1, price_id: str | None = None, **params: Any) -> str:
        """A new customer who pays, on the old price."""
        card = "pm_card_visa"
        asked: Any = {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
        customer = self.client.v1.customers.create(asked).id
        item = {"price": price_id or self.old} | ({} if quantity is None else {"quantity": quantity})
        wanted: Any = {"customer": customer, "items": [item], **params}
        return self.client.v1.subscriptions.create(wanted).id

    def subscription(self, subscription_id: str) -> Json:
        """As Stripe has it now."""
        return self.client.v1.subscriptions.retrieve(subscription_id).to_dict(for_json=True)

    def lines(self, subscription_id: str) -> dict[str, int | None]:
        """Price and quantity of each item."""
        items = self.subscription(subscription_id)["items"]["data"]
        return {item["price"]["id"]: item["quantity"] for item in items}

    def buy(self, subscription_id: str, quantity: int) -> None:
        """The application changes the quantity, whatever price it is on."""
        [item] = self.client.v1.subscription_items.list({"subscription": subscription_id}).data
        self.client.v1.subscription_items.update(item.id, {"quantity": quantity})

    def changed(self, name: str, **fields: Any) -> None:
        """Make a subscription look as something that the emulator does not make would leave it."""
        kept = self.emulator.snapshot()
        for _, kind, identifier, body in kept["documents"]:
            if kind == "subscription" and identifier == name:
                body.update(fields)
        self.emulator.restore(kept)

    def migrations(self, **settings: Any) -> Migrations:
        """The migrations of the account, impatient and with the emulator's time."""
        usual: Json = {
            "locks": self.folder / "locks",
            "api_key": f"sk_test_{self.account.removeprefix('acct_')}",
            "api_base": self.emulator.url,
            "clock": lambda: datetime.fromtimestamp(self.now, UTC),
            "retries": IMPATIENT,
            "sleep": lambda _: None,
        }
        return open_migrations(self.manifest(), **(usual | settings))

    @property
    def journal(self) -> Path:
        """Where this test's migration is written down."""
        return self.folder / "migration.jsonl"

    def moves_written(self, subscription_id: str) -> int:
        """How often Stripe carried a change of this subscription out: answers that are kept under different keys."""
        path = f"/v1/subscriptions/{subscription_id}"
        kept = (body for _, kind, _, body in self.emulator.snapshot()["documents"] if kind == "idempotency_key")
        return sum(answer["path"] == path and answer["status"] == 200 for answer in kept)


@pytest.fixture
def shop(stripe_emulator: EmulatorClient, tmp_path: Path) -> Shop:
    """An account with both prices, at a standing clock."""
    stripe_emulator.clock.set(BEGINNING)
    return Shop.opened(stripe_emulator, tmp_path)
