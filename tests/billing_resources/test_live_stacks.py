"""Live stacks: nothing is removed or replaced unless the stack allows it, whoever drives the host."""

from __future__ import annotations

import pytest
import stripe

from billing_resources._engine.settings import Settings
from stripe_emulator.client import EmulatorClient
from tests.billing_resources.engine import Declared, Engine, Refused
from tests.billing_resources.programs import alert, endpoint, meter, price, product

ALLOWED = {"billing:allowDestructive": "true"}
ADVICE = (
    ": look at the preview, and if that is meant run `pulumi config set billing:allowDestructive true` "
    "(for a destroy set BILLING_ALLOW_DESTRUCTIVE=true, too)"
)
WHOLE = (product(), price(), meter(), alert(), endpoint())
HARMLESS: dict[str, Declared] = {
    "a field": product(name="Crew"),
    "a default price": price(default=True),
    "a lookup key": price(lookup_key="new"),
    "an alert switched off": alert(status="inactive"),
    "an endpoint disabled": endpoint(disabled=True),
}


@pytest.fixture
def live(ours: Engine, account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A live stack with one object of each kind; the emulator passes for Stripe, where live keys are sent only."""
    monkeypatch.setattr(Settings, "is_stripe", True)
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_emulator")
    ours.config = {"stripe:mode": "live", "stripe:rateLimit": "9999"}
    ours.up(*WHOLE)
    account.clear_requests()
    return ours


@pytest.mark.parametrize("gone", [str(one) for one in (price(), alert(), endpoint())])
def test_removing_is_refused(gone: str, live: Engine, account: EmulatorClient) -> None:
    """The object, its id and the setting are named, and nothing was requested."""
    kind, _, name = gone.partition(".")
    object_id = live.of(gone).id
    with pytest.raises(Refused) as refused:
        live.up(*(one for one in WHOLE if str(one) != gone))
    assert str(refused.value) == f"will not remove {kind} {name} ({object_id}) on a live stack{ADVICE}"
    assert account.requests() == []


def test_replacing_is_refused_before_its_first_half(live: Engine, account: EmulatorClient) -> None:
    """A new price whose predecessor could not be archived would leave two for sale."""
    object_id = live.of("Price.monthly").id
    with pytest.raises(Refused) as refused:
        live.up(product(), price(unit_amount=1300), *WHOLE[2:])
    assert str(refused.value) == f"will not replace Price monthly ({object_id}) on a live stack{ADVICE}"
    assert account.requests() == []


def test_destroy_is_refused(live: Engine, account: EmulatorClient) -> None:
    """Nothing goes."""
    with pytest.raises(Refused, match="on a live stack"):
        live.destroy()
    assert account.requests() == []
    assert set(live.up(*WHOLE).values()) == {"same"}


@pytest.mark.parametrize("change", HARMLESS)
def test_what_can_be_taken_back_is_no_destruction(change: str, live: Engine) -> None:
    """Updates in place need no setting, also those that switch something off."""
    changed = HARMLESS[change]
    program = [changed if str(one) == str(changed) else one for one in WHOLE]
    assert live.up(*program)[str(changed)] == "update"


def test_a_preview_shows_it(live: Engine) -> None:
    """What would go can be looked at."""
    assert live.preview(product(), price(unit_amount=1300))["Price.monthly"] == "replace"
    assert live.preview(product())["Price.monthly"] == "delete"


def test_with_the_setting_it_is_done(live: Engine, client: stripe.StripeClient) -> None:
    """``billing:allowDestructive`` lets replacements and removals through."""
    live.config |= ALLOWED
    assert live.up(product(), price(unit_amount=1300))["Price.monthly"] == "replace"
    assert set(live.destroy().values()) == {"delete"}
    assert client.v1.prices.list({"active": True}).data == []


def test_the_environment_allows_it_as_well(live: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a destroy, whose host is configured with the settings of the last update."""
    monkeypatch.setenv("BILLING_ALLOW_DESTRUCTIVE", "true")
    assert set(live.destroy().values()) == {"delete"}


def test_the_state_tells_of_live_objects_as_well(live: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ``stripe:mode``, and with a key that does not say its mode, the objects themselves do."""
    live.config = {}
    monkeypatch.setenv("STRIPE_API_KEY", "sk_org_emulator")
    with pytest.raises(Refused, match="on a live stack"):
        live.destroy()


def test_the_stock_host_refuses_as_well(account: EmulatorClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live objects in the state are enough for it."""
    from tests.billing_resources.hosts import stock

    engine = Engine(stock)
    engine.up(product(), price())
    for one in ("Product.team", "Price.monthly"):
        engine.of(one).outputs["livemode"] = True
    account.clear_requests()
    with pytest.raises(Refused, match=r"will not replace Price monthly \(price_\w+\) on a live stack"):
        engine.up(product(), price(unit_amount=1300))
    with pytest.raises(Refused, match=r"will not remove Price monthly \(price_\w+\) on a live stack"):
        engine.destroy()
    engine.config = dict(ALLOWED)
    assert engine.destroy() == {"Price.monthly": "delete", "Product.team": "delete"}


def test_a_test_stack_needs_no_setting(ours: Engine) -> None:
    """Sandboxes are there for that."""
    ours.config = {"stripe:mode": "test", "billing:allowDestructive": "false"}
    ours.up(product())
    assert ours.destroy() == {"Product.team": "delete"}


def test_another_word_is_refused(ours: Engine) -> None:
    """Nobody should have to guess whether ``yes`` counts."""
    ours.config = {"billing:allowDestructive": "yes"}
    with pytest.raises(Refused, match="billing:allowDestructive and BILLING_ALLOW_DESTRUCTIVE must be true or false"):
        ours.up(product())
