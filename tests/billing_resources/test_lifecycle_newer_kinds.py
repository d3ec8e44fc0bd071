"""The lives of coupons, promotion codes, features, portal configurations, tax rates and event destinations."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from billing_resources._engine import every_kind
from billing_resources._engine.kind import REGISTRY
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Engine, Refused
from tests.billing_resources.hosts import in_process, stock
from tests.billing_resources.newer_kinds import CASES, Case, at_stripe, living, program, service, settled

assert every_kind
pytestmark = pytest.mark.usefixtures("first_portal")
KINDS = pytest.mark.parametrize("kind", CASES)


def fields(name: str) -> pytest.MarkDecorator:
    """Every kind with every field of one list of its case."""
    return pytest.mark.parametrize(
        ("kind", "field"), [(kind, one) for kind in CASES for one in getattr(CASES[kind], name)]
    )


def found(client: stripe.StripeClient, engine: Engine, case: Case) -> dict[str, Any]:
    """The object as Stripe has it."""
    return at_stripe(client, case.declared.kind, engine.of(str(case.declared)).id)


def is_empty(value: Any) -> bool:
    """Whether nothing is set, but for the owner's marks."""
    parts = value if isinstance(value, dict) else {"": value}
    return not any(part for name, part in parts.items() if not name.startswith("billing:"))


@pytest.mark.rule("refreshed", "newer")
@pytest.mark.rule("created", "newer")
@KINDS
def test_create_then_no_changes(kind: str, ours: Engine, account: EmulatorClient) -> None:
    """An object is made with one write, and nothing is left to do."""
    case = CASES[kind]
    ours.up(*program(case))
    account.clear_requests()
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "create"
    assert account.count(method="POST") == 1
    assert settled(ours, case, case.declared)
    assert account.count(method="POST") == 1


@pytest.mark.rule("updated", "Coupon", "PromotionCode", "Feature", "TaxRate", "PortalConfiguration", "EventDestination")
@fields("changed")
def test_changes_in_place(kind: str, field: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """A changed field is one write to the same object, and then nothing is left to do."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    before, changed = ours.of(str(case.declared)).id, case.with_(**{field: case.changed[field]})
    account.clear_requests()
    assert ours.up(*program(case, changed))[str(changed)] == "update"
    assert (account.count(method="POST"), ours.of(str(changed)).id) == (1, before)
    assert settled(ours, case, changed)


@pytest.mark.rule("replaced", "Coupon", "PromotionCode", "Feature", "ProductFeature", "TaxRate", "EventDestination")
@fields("replaced")
def test_replaces_exactly_once(kind: str, field: str, ours: Engine, client: stripe.StripeClient) -> None:
    """What Stripe cannot change makes one new object, one is left alive, and then nothing is left to do."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    before, changed = len(living(client, kind)), case.with_(**{field: case.replaced[field]})
    assert ours.up(*program(case, changed))[str(changed)] == "replace"
    assert len(living(client, kind)) == before
    assert settled(ours, case, changed)


@pytest.mark.rule("cleared", "Coupon", "PromotionCode", "Feature", "TaxRate", "PortalConfiguration", "EventDestination")
@fields("cleared")
def test_a_removed_field_is_cleared(kind: str, field: str, ours: Engine, client: stripe.StripeClient) -> None:
    """A field that is no longer written is unset at Stripe."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    less = case.with_(**{field: None})
    assert ours.up(*program(case, less))[str(less)] == "update"
    assert is_empty(found(client, ours, case)[field])
    assert settled(ours, case, less)


@pytest.mark.rule("made again", "newer")
@pytest.mark.rule("removed", "newer")
@KINDS
def test_destroyed_and_made_again(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """Nothing stays active, and the same names can be had again, as often as you like."""
    case = CASES[kind]
    for _ in range(3):
        assert ours.up(*program(case, case.declared))[str(case.declared)] == "create"
        assert ours.up(*program(case, case.declared))[str(case.declared)] == "same"
        ours.destroy()
        assert living(client, kind) == []


@pytest.mark.rule("stock host", "newer")
@KINDS
def test_on_the_stock_host(kind: str, account: EmulatorClient, client: stripe.StripeClient) -> None:
    """Pulumi's own host serves the kind as well: made, left alone, removed."""
    case, engine = CASES[kind], Engine(stock)
    assert engine.up(*program(case, case.declared))[str(case.declared)] == "create"
    assert engine.up(*program(case, case.declared))[str(case.declared)] == "same"
    engine.destroy()
    assert living(client, kind) == []


@pytest.mark.rule("drift", "Coupon", "PromotionCode", "Feature", "TaxRate", "PortalConfiguration", "EventDestination")
@pytest.mark.parametrize("kind", [kind for kind in CASES if CASES[kind].drifts])
def test_drift_is_mended(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """What changed behind the state's back is seen by a refresh, and put right by the next run."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    service(client, kind).update(ours.of(str(case.declared)).id, case.drifts)
    assert ours.refresh()[str(case.declared)] == "update"
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "update"
    assert settled(ours, case, case.declared)


@pytest.mark.rule("gone", "Coupon", "ProductFeature", "EventDestination")
@pytest.mark.parametrize("kind", [kind for kind in CASES if CASES[kind].deletable])
def test_gone_is_made_anew(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """An object that somebody deleted is dropped by a refresh, made by the next run, and no trouble to destroy."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    path = ours.of(str(case.declared)).id.split("/")
    service(client, kind).delete(*path)
    assert ours.refresh()[str(case.declared)] == "gone"
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "create"
    service(client, kind).delete(*ours.of(str(case.declared)).id.split("/"))
    ours.destroy()
    assert ours.state == {}


@pytest.mark.rule("marks", "Coupon", "PromotionCode", "Feature", "TaxRate", "PortalConfiguration", "EventDestination")
@pytest.mark.parametrize("kind", [kind for kind in CASES if REGISTRY[kind].stripe.has_metadata])
def test_marks(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """The object carries its owner; its metadata output has only what the program wrote."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    marks = {"billing:stack": "billing/dev", "billing:key": case.declared.name}
    assert found(client, ours, case)["metadata"] == {"a": "1", "b": "2", **marks}
    assert ours.of(str(case.declared)).outputs["metadata"] == {"a": "1", "b": "2"}


@pytest.mark.rule("imported", "newer")
@KINDS
def test_imported_then_no_changes(kind: str, account: EmulatorClient, ours: Engine) -> None:
    """What another run made is imported by its id without a write; the program that says the same changes nothing."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    object_id = ours.of(str(case.declared)).id
    del ours.state[ours.urn(kind, case.declared.name)]
    account.clear_requests()
    ours.take_in(kind, case.declared.name, object_id)
    assert account.count(method="POST") == 0
    assert settled(ours, case, case.declared)


@pytest.mark.rule("owned by others", "Coupon", "PromotionCode", "Feature")
@pytest.mark.parametrize("kind", ["Coupon", "PromotionCode", "Feature"])
def test_names_of_other_stacks_are_refused(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """A second stack is told who has the name; nothing is made, and the first one's object is not touched."""
    case = CASES[kind]
    ours.up(*program(case, case.declared))
    before, theirs = found(client, ours, case), Engine(in_process, stack="staging")
    theirs.up(*program(case))
    with pytest.raises(Refused, match=f"{case.declared.name} of stack billing/dev"):
        theirs.up(*program(case, case.declared))
    assert found(client, ours, case) == before
