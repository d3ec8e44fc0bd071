"""export_manifest: what a Python program declared, as outputs."""

from __future__ import annotations

import pulumi
import pytest

import billing_resources as billing
from billing_resources.errors import InvalidDeclaration
from billing_resources.price import PriceTerms
from tests.billing_resources.program import run


def declare_team() -> None:
    """A product with a price on a meter, without a plan."""
    product = billing.Product("team", name="Team")
    meter = billing.Meter("calls", display_name="Calls", event_name="calls", default_aggregation={"formula": "sum"})
    billing.Price(
        "team.usage",
        product=product.id,
        currency="usd",
        unit_amount=4,
        recurring={"interval": "month", "usage_type": "metered", "meter": meter.id},
        limits={"calls": {"included": 0, "overage": "bill", "meter": "calls"}},
        features={"sso": "1"},
    )


def test_a_program_without_plans_gets_one_for_each_product() -> None:
    """Its limits and features are those of its prices."""

    def program() -> None:
        declare_team()
        billing.export_manifest()

    manifest = run(program).outputs["manifest"]
    plan = manifest["plans"]["team"]
    assert (plan["name"], plan["prices"], plan["features"]) == ("Team", ["team.usage"], {"sso": "1"})
    assert plan["limits"]["calls"]["meter"] == manifest["prices"]["team.usage"]["meter"] == "calls"


def test_a_program_with_plans_has_exactly_these() -> None:
    """A product beside them is no plan; a price of a plan's product is the plan's."""

    def program() -> None:
        declare_team()
        plan = billing.Plan("pro", name="Pro", rank=3)
        billing.Price("pro.once", product=plan.product.id, currency="usd", unit_amount=1)
        billing.export_manifest()

    plans = run(program).outputs["manifest"]["plans"]
    assert {key: (plan["rank"], plan["prices"]) for key, plan in plans.items()} == {"pro": (3, ["pro.once"])}


def test_a_limit_on_a_meter_that_is_not_there_is_refused() -> None:
    """The near names are told."""
    said: list[str] = []

    def program() -> None:
        billing.Meter("calls", display_name="Calls", event_name="calls", default_aggregation={"formula": "sum"})
        price: PriceTerms = {"currency": "usd", "unit_amount": 1}
        billing.Plan("a", name="A", limits={"calls": {"included": 5, "meter": "call"}}, prices={"p": price})
        with pytest.raises(InvalidDeclaration) as caught:
            billing.export_manifest()
        said.append(str(caught.value))

    run(program)
    assert said == [
        "the manifest cannot be made\n  Price 'a.p': limits.calls.meter names no meter here: did you mean calls?"
    ]


def test_products_of_others_are_known_by_their_ids() -> None:
    """A price may belong to a product that is declared elsewhere."""

    def program() -> None:
        billing.Price("extra", product="prod_elsewhere", currency="usd", unit_amount=1)
        billing.export_manifest()

    manifest = run(program).outputs["manifest"]
    assert manifest["prices"]["extra"]["product"] == "prod_elsewhere"
    assert manifest["products"] == {"prod_elsewhere": {"id": "prod_elsewhere"}}
    assert manifest["plans"] == {}


def test_prices_on_meters_of_others_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime could not report their usage, so a warning says that they are missing."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warnings.append)

    def program() -> None:
        billing.Alert("many", title="Many", usage_threshold={"meter": "mtr_elsewhere", "gte": 5})
        billing.export_manifest()

    assert run(program).outputs["manifest"]["alerts"] == {}
    assert warnings == ["the manifest leaves out Alert 'many': its meter mtr_elsewhere is not declared here"]


def test_an_empty_program_has_an_empty_manifest() -> None:
    """Without resources nothing is known of the account."""
    ran = run(billing.export_manifest)
    assert (ran.outputs["manifest"]["account"], ran.outputs["manifest"]["prices"]) == (None, {})
    assert ran.outputs["webhookSecrets"] == {}


def test_integers_stay_integers() -> None:
    """What was written as a whole number is one in the output."""

    def program() -> None:
        billing.Plan("a", name="A", rank=2, limits={"x": {"included": 1000}})
        billing.export_manifest()

    plan = run(program).outputs["manifest"]["plans"]["a"]
    assert [type(one) for one in (plan["rank"], plan["limits"]["x"]["included"])] == [int, int]
