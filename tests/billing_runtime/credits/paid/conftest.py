"""A shop that sells credits: packs that are paid once, and a subscription of which every seat buys some."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from billing_runtime import Billing, CreditSettings, TopUp
from tests.billing_runtime.conftest import BACKENDS
from tests.billing_runtime.conftest import price as price_facts
from tests.billing_runtime.inbox.conftest import SECRET, Time, signature

if TYPE_CHECKING:
    import stripe

    from stripe_emulator.client import EmulatorClient

Json = dict[str, Any]
Events = list[Json]
BACK = "https://shop.example.com/done"
PACK, SEAT, OTHER = "alpaca-ai.pack", "team.monthly", "alpaca-ai.setup"
TOP_UPS = {PACK: TopUp("credits", 100), SEAT: TopUp("credits", 10)}


@pytest.fixture
def clock() -> Time:
    """The application's clock."""
    return Time()


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Everything here must be so on every backend."""
    return str(request.param)


@pytest.fixture
def manifest_data(manifest_data: Json) -> Json:
    """The example, with a free plan that knows credits and includes none, and a pack of them for 10.00."""
    nothing = {"included": 0, "per": "month", "overage": "block", "meter": None}
    free = manifest_data["plans"]["team"] | {"free": True, "rank": 0, "prices": [], "limits": {"credits": nothing}}
    manifest_data["plans"]["free"] = free | {"audience": [], "features": {}, "name": "Free"}
    once = {"product": "alpaca-ai", "type": "one_time", "interval": None, "interval_count": None}
    manifest_data["prices"][PACK] = price_facts(**once, unit_amount_decimal="1000")
    return manifest_data


@dataclass
class Shop:
    """One opened Billing, and the Stripe account behind it."""

    billing: Billing
    client: stripe.StripeClient
    emulator: EmulatorClient
    clock: Time
    data: Json

    def price(self, name: str) -> str:
        """The id of a price."""
        return str(self.data["prices"][name]["id"])

    def customer(self, entity_id: str = "org_1", card: str = "pm_card_visa") -> str:
        """An entity's customer, with a card that is charged."""
        customer = self.billing.customers.ensure(entity_id, kind="organization").id
        method = self.client.v1.payment_methods.attach(card, {"customer": customer})
        self.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
        return customer

    def events(self, *types: str) -> Events:
        """What Stripe tells of, oldest first; of these types, or of everything."""
        wanted: Any = {"limit": 100} | ({"types": list(types)} if types else {})
        found = self.client.v1.events.list(wanted).data
        return [one.to_dict(for_json=True) for one in reversed(found)]

    def hear(self, events: Iterable[Json] | None = None) -> None:
        """Take events in and work on them; those that were heard before are repetitions."""
        for event in self.events() if events is None else events:
            payload = json.dumps(event).encode()
            self.billing.webhook(payload, signature(payload, self.clock.unix))
        self.work()

    def work(self) -> None:
        """Work on what came in, without the chores."""
        processing = self.billing.inbox.processing
        while keys := processing.due(10):
            for key in keys:
                processing.work_on(key)

    def again(self, events: Events) -> None:
        """Hear of events as if they were new: another event about the same thing."""
        self.hear([event | {"id": f"{event['id']}again{number}"} for number, event in enumerate(events)])

    def left(self, entity_id: str = "org_1") -> int:
        """Credits that may be used."""
        return int(self.billing.credits.balance(entity_id, "credits").available)

    def kinds(self, entity_id: str = "org_1") -> list[tuple[str, int]]:
        """What became of an entity's credits, oldest first."""
        entries = self.billing.credits.entries(entity_id, limit=1000)
        return [(entry.kind, int(entry.units)) for entry in reversed(entries)]

    def buy(self, quantity: int = 1, *, card: str = "pm_card_visa", **more: Any) -> Json:
        """A pack on a checkout page of ours; the session as it is then."""
        page = self.billing.checkout("org_1", price=PACK, quantity=quantity, mode="payment", success_url=BACK, **more)
        self.emulator.complete_checkout(page.id, payment_method=card)
        return self.session(page.id)

    def session(self, name: str) -> Json:
        """A checkout session as it is."""
        return dict(self.client.v1.checkout.sessions.retrieve(name).to_dict(for_json=True))

    def invoice(self, *items: tuple[str, int], pay: bool = True) -> Json:
        """An invoice by hand, of prices and quantities."""
        customer = self.billing.customers.require("org_1").id
        invoice = self.client.v1.invoices.create({"customer": customer, "auto_advance": False})
        for price, quantity in items:
            item: Any = {"customer": customer, "invoice": invoice.id, "quantity": quantity}
            self.client.v1.invoice_items.create(item | {"pricing": {"price": self.price(price)}})
        if pay:
            invoice = self.client.v1.invoices.pay(str(invoice.id))
        return dict(invoice.to_dict(for_json=True))

    def charge(self) -> Json:
        """The last charge."""
        return dict(self.client.v1.charges.list({"limit": 1}).data[0].to_dict(for_json=True))

    def refund(self, amount: int | None = None) -> None:
        """Give back of the last charge so much, or the rest."""
        given: Any = {"charge": self.charge()["id"]} | ({} if amount is None else {"amount": amount})
        self.client.v1.refunds.create(given)


@pytest.fixture
def open_shop(
    open_billing: Callable[..., Billing],
    provisioned: Json,
    any_store_url: str,
    stripe_client: stripe.StripeClient,
    stripe_emulator: EmulatorClient,
    clock: Time,
) -> Callable[..., Shop]:
    """Open the shop with settings of its credits."""

    def one(top_ups: Any = None, **settings: Any) -> Shop:
        chosen = CreditSettings(top_ups=TOP_UPS if top_ups is None else top_ups, **settings)
        billing = open_billing(
            manifest=provisioned,
            api_base=stripe_emulator.url,
            store=any_store_url,
            clock=clock,
            webhook_secrets=SECRET,
            credits=chosen,
        )
        return Shop(billing, stripe_client, stripe_emulator, clock, provisioned)

    return one


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """The shop, and org_1 with a card."""
    opened = open_shop()
    opened.customer()
    return opened
