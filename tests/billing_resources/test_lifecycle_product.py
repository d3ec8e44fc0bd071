"""A product's life: created, changed in place, archived or deleted, found again."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine

FULL = {
    "description": "For organizations",
    "images": ["https://example.com/team.png"],
    "marketing_features": [{"name": "Single sign-on"}],
    "metadata": {"tier": "2", "owner": "growth"},
    "statement_descriptor": "EXAMPLE TEAM",
    "tax_code": "txcd_10103001",
    "unit_label": "seat",
    "url": "https://example.com/team",
}
CHANGED = {
    "name": "Team plus",
    "description": "For large organizations",
    "images": ["https://example.com/a.png", "https://example.com/b.png"],
    "marketing_features": [{"name": "Audit log"}],
    "metadata": {"tier": "3", "owner": "growth"},
    "statement_descriptor": "EXAMPLE TEAM+",
    "tax_code": "txcd_10103000",
    "unit_label": "member",
    "url": "https://example.com/plus",
}


def team(**args: Any) -> Declared:
    """The product ``team``."""
    return Declared("Product", "team", {"name": "Team", **args})


def monthly(**args: Any) -> Declared:
    """A price of it."""
    recurring = {"interval": "month"}
    return Declared(
        "Price", "monthly", {"product": "@Product.team", "currency": "usd", "unit_amount": 1200, "recurring": recurring}
    )


@pytest.mark.rule("stock host", "Product")
@pytest.mark.rule("created", "Product")
def test_create_then_no_changes(engine: Engine, account: EmulatorClient) -> None:
    """A product is made with one write, and the next run changes nothing."""
    assert engine.up(team(**FULL)) == {"Product.team": "create"}
    assert engine.up(team(**FULL)) == {"Product.team": "same"}
    assert account.count(method="POST") == 1


def test_requests_of_a_run(ours: Engine, account: EmulatorClient) -> None:
    """A create costs one write, one list of the kind and one account request."""
    ours.up(team(), Declared("Product", "free", {"name": "Free"}))
    assert account.counts() == {"GET /v1/account": 1, "GET /v1/products": 1, "POST /v1/products": 2}


def test_unchanged_runs_ask_nothing(ours: Engine, account: EmulatorClient) -> None:
    """Check and diff make no request at all."""
    ours.up(team())
    account.clear_requests()
    assert ours.up(team()) == {"Product.team": "same"}
    assert account.requests() == []


@pytest.mark.rule("updated", "Product")
@pytest.mark.parametrize("field", CHANGED)
def test_every_field_changes_in_place(field: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """A changed field is one write to the same product, and then nothing is left to do."""
    ours.up(team(**FULL))
    changed = team(**{**FULL, field: CHANGED[field]})
    before = ours.of("Product.team").id
    assert ours.up(changed) == {"Product.team": "update"}
    assert account.count(method="POST") == 2
    assert ours.up(changed) == {"Product.team": "same"}
    assert plain(client.v1.products.retrieve(before))[field] == CHANGED[field]


@pytest.mark.rule("cleared", "Product")
@pytest.mark.parametrize("field", FULL)
def test_a_removed_field_is_cleared(field: str, ours: Engine, client: Any) -> None:
    """A field that is no longer written is unset at Stripe."""
    ours.up(team(**FULL))
    less = team(**{name: value for name, value in FULL.items() if name != field})
    assert ours.up(less) == {"Product.team": "update"}
    assert not plain(client.v1.products.retrieve(ours.of("Product.team").id))[field]
    assert ours.up(less) == {"Product.team": "same"}


@pytest.mark.rule("cleared", "Product")
def test_a_removed_metadata_key_is_unset(engine: Engine, client: Any) -> None:
    """A metadata key that is no longer written disappears; those of others stay."""
    engine.up(team(metadata={"a": "1", "b": "2"}))
    object_id = engine.of("Product.team").id
    client.v1.products.update(object_id, {"metadata": {"theirs": "x"}})
    engine.up(team(metadata={"b": "2"}))
    assert plain(client.v1.products.retrieve(object_id))["metadata"] == {"b": "2", "theirs": "x"}


@pytest.mark.rule("marks", "Product")
def test_marks_name_the_owner(engine: Engine, client: Any) -> None:
    """The product carries its stack and key, and the outputs' metadata only what the program wrote."""
    engine.up(team(metadata={"a": "1"}))
    found = client.v1.products.retrieve(engine.of("Product.team").id).to_dict()
    assert found["metadata"] == {"a": "1", "billing:stack": "billing/dev", "billing:key": "team"}
    assert engine.of("Product.team").outputs["metadata"] == {"a": "1"}


def test_outputs(engine: Engine, account: EmulatorClient) -> None:
    """The outputs say whose and in which mode the product is."""
    engine.up(team())
    outputs = engine.of("Product.team").outputs
    assert (outputs["active"], outputs["livemode"], outputs["account"]) == (True, False, "acct_emulator")


@pytest.mark.rule("stock host", "Product")
@pytest.mark.rule("removed", "Product")
def test_destroy_deletes_a_product_without_prices(engine: Engine, client: Any) -> None:
    """A product that never had a price is deleted."""
    engine.up(team())
    assert engine.destroy() == {"Product.team": "delete"}
    assert client.v1.products.list().data == []


@pytest.mark.rule("removed", "Product")
def test_destroy_archives_a_product_with_prices(engine: Engine, client: Any) -> None:
    """A product that ever had a price is archived, and gives up its owner."""
    engine.up(team(metadata={"a": "1"}), monthly())
    object_id = engine.of("Product.team").id
    engine.destroy()
    found = client.v1.products.retrieve(object_id).to_dict()
    assert (found["active"], found["metadata"]) == (False, {"a": "1", "billing:key": "team"})


@pytest.mark.rule("gone", "Product")
def test_destroy_of_a_product_that_is_gone(engine: Engine, client: Any) -> None:
    """Removing what somebody else removed already is no error."""
    engine.up(team())
    client.v1.products.delete(engine.of("Product.team").id)
    engine.destroy()
    assert engine.state == {}


@pytest.mark.rule("made again", "Product")
def test_an_archived_product_with_a_chosen_id_comes_back(engine: Engine, client: Any) -> None:
    """Declaring a chosen id again brings its archived product back to life."""
    engine.up(team(id="prod_team"), monthly())
    engine.destroy()
    assert engine.up(team(id="prod_team", name="Team again")) == {"Product.team": "create"}
    found = client.v1.products.retrieve("prod_team").to_dict()
    assert (found["active"], found["name"], found["metadata"]["billing:key"]) == (True, "Team again", "team")
    assert engine.up(team(id="prod_team", name="Team again")) == {"Product.team": "same"}


@pytest.mark.rule("replaced", "Product")
def test_a_changed_id_replaces(ours: Engine) -> None:
    """Stripe cannot rename a product's id; leaving the id out is no change."""
    ours.up(team(id="prod_team"))
    assert ours.up(team()) == {"Product.team": "same"}
    assert ours.up(team(id="prod_team2")) == {"Product.team": "replace"}
    assert ours.of("Product.team").id == "prod_team2"


@pytest.mark.rule("drift", "Product")
def test_refresh_finds_drift(engine: Engine, client: Any) -> None:
    """What changed behind the state's back is put right by the next run."""
    engine.up(team(description="For organizations"))
    object_id = engine.of("Product.team").id
    client.v1.products.update(object_id, {"description": "Hacked", "active": False})
    assert engine.refresh() == {"Product.team": "update"}
    assert engine.up(team(description="For organizations")) == {"Product.team": "update"}
    found = client.v1.products.retrieve(object_id).to_dict()
    assert (found["description"], found["active"]) == ("For organizations", True)
    assert engine.refresh() == {"Product.team": "same"}


def test_refresh_leaves_what_the_program_does_not_write(engine: Engine, client: Any) -> None:
    """Fields and metadata keys that the program does not write are other people's business."""
    engine.up(team(metadata={"a": "1"}))
    object_id = engine.of("Product.team").id
    client.v1.products.update(object_id, {"description": "Theirs", "metadata": {"theirs": "x"}})
    assert engine.refresh() == {"Product.team": "same"}
    assert engine.up(team(metadata={"a": "1"})) == {"Product.team": "same"}


@pytest.mark.rule("gone", "Product")
def test_refresh_drops_what_is_gone(engine: Engine, client: Any) -> None:
    """A product that was deleted at Stripe leaves the state and is made anew."""
    engine.up(team())
    client.v1.products.delete(engine.of("Product.team").id)
    assert engine.refresh() == {"Product.team": "gone"}
    assert engine.up(team()) == {"Product.team": "create"}


def plain(stripe_object: stripe.StripeObject) -> dict[str, Any]:
    """A Stripe object as data, without marks."""
    found: dict[str, Any] = stripe_object.to_dict(for_json=True)
    metadata = {key: value for key, value in found["metadata"].items() if not key.startswith("billing:")}
    return {**found, "metadata": metadata}
