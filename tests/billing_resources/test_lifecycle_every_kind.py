"""What holds for every kind alike: other spellings, imports, lost objects, other owners, new names, broken-off runs."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import stripe

from billing_resources._engine import every_kind
from billing_resources._engine.dialect import V1
from billing_resources._engine.kind import REGISTRY
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.first_kinds import CASES, FIRST
from tests.billing_resources.hosts import in_process
from tests.billing_resources.newer_kinds import Case, at_stripe, living, program, service, settled
from tests.billing_resources.programs import meter

assert every_kind
pytestmark = pytest.mark.usefixtures("first_portal")
KINDS = pytest.mark.parametrize("kind", CASES)
NAMED = [kind for kind in CASES if REGISTRY[kind].stripe.unique]
NAMELESS = [kind for kind in CASES if kind not in NAMED]
MARKED = [kind for kind in CASES if REGISTRY[kind].stripe.has_metadata]
FORGOTTEN = 31 * 24 * 3600
"""After this both generations of the API have forgotten an idempotency key."""
MARKS_ONLY = {"metadata", "expand", "include"}
OTHERS = pytest.mark.parametrize(("project", "stack"), [("billing", "staging"), ("shop", "dev")])


def made(engine: Engine, case: Case) -> str:
    """Make the object of a kind; answers its id."""
    engine.up(*program(case, case.declared))
    return engine.of(str(case.declared)).id


def nobodys(engine: Engine, account: EmulatorClient, client: stripe.StripeClient, case: Case) -> str:
    """An object as somebody makes it in the Dashboard: no state knows it, it has no marks, and no answer is kept."""
    kind, object_id = case.declared.kind, made(engine, case)
    if kind in MARKED:
        nothing: Any = "" if REGISTRY[kind].stripe.dialect is V1 else None
        marks = {"billing:stack": nothing, "billing:key": nothing}
        service(client, kind).update(object_id, {"metadata": marks})
    del engine.state[engine.urn(kind, case.declared.name)]
    account.clock.advance(FORGOTTEN)
    return object_id


@pytest.mark.rule("refreshed", "first")
@pytest.mark.parametrize("kind", FIRST)
def test_made_then_no_changes(kind: str, ours: Engine) -> None:
    """Whatever is declared: another run, a preview and a refresh find nothing to do."""
    made(ours, CASES[kind])
    assert settled(ours, CASES[kind], CASES[kind].declared)


@pytest.mark.rule("written differently", "first")
@pytest.mark.rule("written differently", "Coupon", "PromotionCode", "Feature")
@pytest.mark.rule("written differently", "PortalConfiguration", "TaxRate", "EventDestination")
@pytest.mark.parametrize("kind", [kind for kind in CASES if CASES[kind].written])
def test_written_differently(kind: str, ours: Engine, account: EmulatorClient) -> None:
    """Defaults, the order of sets, and other spellings of the same change nothing, in either direction."""
    case = CASES[kind]
    made(ours, case)
    account.clear_requests()
    assert settled(ours, case, case.with_(**case.written))
    assert settled(ours, case, case.declared)
    assert account.count(method="POST") == 0


@pytest.mark.rule("imported", "first")
@pytest.mark.parametrize("kind", FIRST)
def test_imported_then_no_changes(kind: str, ours: Engine, account: EmulatorClient) -> None:
    """What another run made is imported by its id without a write; the program that says the same changes nothing."""
    case = CASES[kind]
    object_id = made(ours, case)
    del ours.state[ours.urn(kind, case.declared.name)]
    account.clear_requests()
    ours.take_in(kind, case.declared.name, object_id)
    assert settled(ours, case, case.declared)
    assert account.count(method="POST") == 0


@pytest.mark.rule("gone", "all")
@KINDS
def test_all_test_data_is_deleted(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """What Stripe's "Delete all test data" leaves: a refresh drops it, `up` makes it anew, destroy has no trouble."""
    case = CASES[kind]
    made(ours, case)
    account.reset()
    client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    assert set(ours.refresh().values()) == {"gone"}
    made(ours, case)
    assert settled(ours, case, case.declared)
    account.reset()
    ours.destroy()
    assert ours.state == {}


def as_of_now(client: stripe.StripeClient, kind: str, object_id: str) -> dict[str, Any]:
    """An object as Stripe has it, whenever it was touched; each time it is opened, a login page has a new address."""
    found = {**at_stripe(client, kind, object_id), "updated": None}
    return found | ({"login_page": found["login_page"]["enabled"]} if "login_page" in found else {})


ADDED = [("Coupon", "currency_options"), ("PromotionCode", "restrictions")]
"""Where the other value has a currency more: Stripe never takes one away again."""


def drifts() -> list[tuple[str, str, Any]]:
    """Every field that Stripe changes in place, with another value and without one."""
    other = [(kind, name, value) for kind, case in CASES.items() for name, value in case.changed.items()]
    other = [one for one in other if one[:2] not in ADDED]
    return other + [(kind, name, None) for kind, case in CASES.items() for name in case.cleared]


@pytest.mark.rule("drift", "first")
@pytest.mark.rule("drift", "Coupon", "PromotionCode", "Feature")
@pytest.mark.rule("drift", "PortalConfiguration", "TaxRate", "EventDestination")
@pytest.mark.parametrize(("kind", "field", "value"), drifts())
def test_drift_of_each_field(kind: str, field: str, value: Any, ours: Engine, client: stripe.StripeClient) -> None:
    """What somebody else changed or cleared is seen by a refresh, and as it was after the next run."""
    case = CASES[kind]
    object_id = made(ours, case)
    before, state = as_of_now(client, kind, object_id), dict(ours.state)
    ours.up(*program(case, case.with_(**{field: value})))
    ours.state = state
    assert ours.refresh()[str(case.declared)] == "update"
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "update"
    assert as_of_now(client, kind, object_id) == before
    assert settled(ours, case, case.declared)


@pytest.mark.rule("drift", "Product", "Price", "Meter", "WebhookEndpoint")
@pytest.mark.parametrize("kind", [kind for kind in FIRST if FIRST[kind].drifts])
def test_switched_off_behind_the_states_back(kind: str, ours: Engine, client: stripe.StripeClient) -> None:
    """Archived or disabled, and another field besides: seen by a refresh, and as it was after the next run."""
    case = CASES[kind]
    object_id = made(ours, case)
    before = as_of_now(client, kind, object_id)
    if kind == "Price":  # Stripe archives no default price: somebody took the default away first
        client.v1.products.update(before["product"], {"default_price": ""})
    service(client, kind).update(object_id, case.drifts)
    assert ours.refresh()[str(case.declared)] == "update"
    assert ours.up(*program(case, case.declared))[str(case.declared)] == "update"
    assert as_of_now(client, kind, object_id) == before


@pytest.mark.parametrize(("kind", "field"), ADDED)
def test_drift_that_stripe_cannot_undo(kind: str, field: str, ours: Engine, client: stripe.StripeClient) -> None:
    """A currency that somebody added to a coupon stays on it: there is a new coupon without it, and only that one."""
    case = CASES[kind]
    made(ours, case)
    state, count = dict(ours.state), len(living(client, kind))
    ours.up(*program(case, case.with_(**{field: case.changed[field]})))
    ours.state = state
    ours.refresh()
    assert ours.preview(*program(case, case.declared))[str(case.declared)] == "replace"
    ours.up(*program(case, case.declared))
    assert len(living(client, kind)) == count
    assert settled(ours, case, case.declared)


@pytest.mark.rule("owned by others", "Alert", "WebhookEndpoint", "PortalConfiguration", "TaxRate", "EventDestination")
@pytest.mark.parametrize("kind", NAMELESS)
@OTHERS
def test_others_make_their_own(kind: str, project: str, stack: str, ours: Engine, client: stripe.StripeClient) -> None:
    """The same program of another stack or project makes an object of its own; ours survives that one's destroy."""
    case, theirs = CASES[kind], Engine(in_process, project=project, stack=stack)
    mine = made(ours, case)
    before = at_stripe(client, kind, mine)
    whole = [meter(event_name="theirs") if one.kind == "Meter" else one for one in program(case, case.declared)]
    theirs.up(*whole)
    assert theirs.of(str(case.declared)).id != mine
    theirs.destroy()
    assert at_stripe(client, kind, mine) == before
    assert settled(ours, case, case.declared)


@pytest.mark.rule("owned by others", "marked")
@pytest.mark.parametrize("kind", MARKED)
@OTHERS
def test_others_cannot_import_it(kind: str, project: str, stack: str, ours: Engine) -> None:
    """What carries the marks of another stack or project is not taken in; its owner is named."""
    case, theirs = CASES[kind], Engine(in_process, project=project, stack=stack)
    mine = made(ours, case)
    with pytest.raises(Refused, match=f"belongs to {case.declared.name} of stack billing/dev"):
        theirs.take_in(kind, case.declared.name, mine)
    assert theirs.state == {}


@pytest.mark.rule("owned by others", "ProductFeature")
def test_an_attachment_of_another_stack(ours: Engine, client: stripe.StripeClient) -> None:
    """It has no marks: a second stack that names the same product and feature is refused, and told its id."""
    case, theirs = CASES["ProductFeature"], Engine(in_process, stack="staging")
    mine = made(ours, case)
    ids = {"product": ours.of("Product.team").id, "entitlement_feature": ours.of("Feature.sso").id}
    with pytest.raises(Refused, match=f"{mine}, which no stack owns"):
        theirs.up(Declared("ProductFeature", "team.sso", ids))
    assert len(living(client, "ProductFeature")) == 1


@pytest.mark.rule("adopted", "all")
@KINDS
def test_an_import_takes_over(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """What nobody owns keeps its id; its marks are one visible update, and where there are none nothing is written."""
    case = CASES[kind]
    object_id = nobodys(ours, account, client, case)
    account.clear_requests()
    ours.take_in(kind, case.declared.name, object_id)
    assert account.count(method="POST") == 0
    op = ours.up(*program(case, case.declared))[str(case.declared)]
    assert (op, account.count(method="POST")) == (("update", 1) if kind in MARKED else ("same", 0))
    assert ours.of(str(case.declared)).id == object_id
    assert settled(ours, case, case.declared)


@pytest.mark.rule("adopted", "named")
@pytest.mark.parametrize("kind", NAMED)
def test_adopt_takes_over_by_the_name(kind: str, ours: Engine, account: EmulatorClient, client: Any) -> None:
    """Refused with both ways as long as nobody says so; then the object keeps its id, and `adopt` may go again."""
    case = CASES[kind]
    object_id = nobodys(ours, account, client, case)
    with pytest.raises(Refused, match=r"which no stack owns: set adopt=True, or run `pulumi import"):
        ours.up(*program(case, case.declared))
    ours.up(*program(case, case.with_(adopt=True)))
    assert ours.of(str(case.declared)).id == object_id
    assert settled(ours, case, case.declared)


@KINDS
def test_new_names_touch_nothing(kind: str, ours: Engine, account: EmulatorClient) -> None:
    """Another name of the stack, the project or the resource writes the marks anew, and nothing else."""
    case = CASES[kind]
    object_id = made(ours, case)
    for what in ("stack", "project", "resource"):
        declared = renamed(ours, case, what)
        account.clear_requests()
        ops = ours.up(*program(case, declared))
        assert set(ops.values()) <= {"update", "same"}
        assert {name for sent in account.requests(method="POST") for name in sent["params"]} <= MARKS_ONLY
        assert ours.of(str(declared)).id == object_id
        assert settled(ours, case, declared)


def renamed(engine: Engine, case: Case, what: str) -> Declared:
    """Give the stack, the project or the resource another name, as the engine does; answers the declaration."""
    if what == "resource":
        declared = Declared(case.declared.kind, f"{case.declared.name}-too", case.declared.args)
        old, new = (engine.urn(one.kind, one.name) for one in (case.declared, declared))
        engine.state[new] = engine.state.pop(old)
        return declared
    names = [urn.split("::")[2:] for urn in engine.state]
    entries = list(engine.state.values())
    setattr(engine, what, "renamed")
    urns = [engine.urn(kind.rpartition(":")[2], name) for kind, name in names]
    engine.state = dict(zip(urns, entries, strict=True))
    return case.declared


@pytest.mark.rule("half made", "first")
@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize("writes", [1, 2, 3])
def test_replacements_that_break_off(
    kind: str, writes: int, ours: Engine, account: EmulatorClient, client: Any
) -> None:
    """Cut after each write of a replacement, the next run completes it: one is alive, and nothing is left to do."""
    case = CASES[kind]
    made(ours, case)
    before, changed = len(living(client, kind)), case.with_(**case.replaced)
    for method in ("POST", "DELETE"):
        account.cut_next("after", method=method, skip=writes - 1, count=None)
    with contextlib.suppress(Refused):
        ours.up(*program(case, changed))
    account.clear_faults()
    ours.up(*program(case, changed))
    assert len(living(client, kind)) == before
    assert settled(ours, case, changed)
