"""Short forms stand for the objects that the classes take, one to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from billing_resources._engine.runtime_events import RUNTIME_EVENTS
from billing_resources.catalog.loader import Catalog
from billing_resources.catalog.manifest import of_catalog

Load = Callable[..., Catalog]
CATALOG = """
version: 1
currency: usd
meters:
  calls: {display_name: Calls, event_name: calls, default_aggregation: count}
plans:
  team:
    name: Team
    limits: {members: 5, calls: {included: unlimited, meter: calls}}
    features: {sso: "1", support: mail}
    prices:
      monthly: {unit_amount: 1200, recurring: month, seats: follow, limits: {members: 9}, features: {support: phone}}
      usage: {unit_amount: 4, currency: eur, recurring: {interval: month, meter: calls}}
products:
  setup: {name: Set-up, prices: {once: {unit_amount: 9900}}}
alerts:
webhook_endpoints:
  app: {url: "https://app.example.com/s", enabled_events: ["*"], rotate: 3}
"""


@pytest.fixture
def args(load: Load) -> dict[tuple[str, str], Any]:
    """What each resource of the catalog is declared with."""
    return {(entry.kind.name, entry.key): entry.args for entry in load(CATALOG).entries}


def test_short_forms_are_written_out(args: dict[tuple[str, str], Any]) -> None:
    """A word stands for the object of which it is the first field."""
    assert args["Meter", "calls"]["default_aggregation"] == {"formula": "count"}
    assert args["Price", "team.monthly"]["recurring"] == {"interval": "month"}
    assert args["Price", "team.monthly"]["seats"] == {"mode": "follow"}


def test_a_price_that_names_a_meter_is_metered(args: dict[tuple[str, str], Any]) -> None:
    """Naming the meter says it."""
    assert args["Price", "team.usage"]["recurring"] == {"interval": "month", "meter": "calls", "usage_type": "metered"}


def test_the_catalogs_currency_is_the_default(args: dict[tuple[str, str], Any]) -> None:
    """A price that writes its own keeps it."""
    assert args["Price", "team.monthly"]["currency"] == "usd"
    assert args["Price", "team.usage"]["currency"] == "eur"


def test_plans_give_limits_and_features_to_their_prices(args: dict[tuple[str, str], Any]) -> None:
    """A price has those of its plan; what it writes itself wins, name by name."""
    monthly, usage = args["Price", "team.monthly"], args["Price", "team.usage"]
    assert usage["limits"] == {"members": {"included": 5}, "calls": {"included": "unlimited", "meter": "calls"}}
    assert monthly["limits"] == {**usage["limits"], "members": {"included": 9}}
    assert (usage["features"], monthly["features"]["support"]) == ({"sso": "1", "support": "mail"}, "phone")


def test_products_without_a_plan_have_prices(args: dict[tuple[str, str], Any]) -> None:
    """A one-time price belongs to a product that is no plan."""
    assert args["Price", "setup.once"] == {"product": "setup", "unit_amount": 9900, "currency": "usd"}


def test_rotation_declares_copies(args: dict[tuple[str, str], Any]) -> None:
    """Each copy of an endpoint is one of its own, with the same arguments."""
    names = [name for kind, name in args if kind == "WebhookEndpoint"]
    assert names == ["app", "app~2", "app~3"]
    assert args["WebhookEndpoint", "app"] == args["WebhookEndpoint", "app~3"]
    assert "rotate" not in args["WebhookEndpoint", "app"]


ENDPOINT = 'version: 1\nwebhook_endpoints: {app: {url: "https://app.example.com/s", enabled_events: ["*"], %s}}'


@pytest.mark.parametrize(
    ("rotation", "names"),
    [
        ("rotate: 2, retired: 1", ["app~2"]),
        ("rotate: 3, retired: 1", ["app~2", "app~3"]),
        ("rotate: 3, retired: 2", ["app~3"]),
        ("rotate: 2, retired: 0", ["app", "app~2"]),
        ("retired: 0", ["app"]),
    ],
)
def test_the_first_endpoints_are_retired(load: Load, rotation: str, names: list[str]) -> None:
    """A rotation goes on from its later endpoints; what is retired is not declared, nor in the manifest."""
    catalog = load(ENDPOINT % rotation)
    assert [entry.key for entry in catalog.entries] == names
    assert not {"rotate", "retired"} & catalog.entries[0].args.keys()
    assert list(of_catalog(catalog, "shop", "dev")["webhook_endpoints"]) == names


@pytest.mark.parametrize("events", ["runtime", "[runtime]"])
def test_runtime_stands_for_a_list(load: Load, events: str) -> None:
    """The word alone is a list of it, which the provider spells out; comparing two catalogs does so, too."""
    (entry,) = load(ENDPOINT.replace('["*"]', events) % "rotate: 1").entries
    assert entry.args["enabled_events"] == ["runtime"]
    assert entry.kind.canonical(entry.args)["enabled_events"] == sorted(RUNTIME_EVENTS)


def test_full_forms_mean_the_same(load: Load) -> None:
    """Writing a short form out changes nothing."""
    full = CATALOG.replace("recurring: month", "recurring: {interval: month}").replace(
        "seats: follow", "seats: {mode: follow}"
    )
    assert load(full).data == load(CATALOG).data
