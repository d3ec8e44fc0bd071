"""Which limit holds for an entity, and where it comes from."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Billing, InvalidInput, Limit, LimitSettings, MarksInvalid, Rollover, UnknownName
from billing_runtime.limits.terms import LimitSource, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
NONE = LimitSettings()


def found(billing: Billing, entity_id: str, name: str, settings: LimitSettings = NONE) -> LimitSource:
    """The limit of an entity."""
    return resolve(billing.subscription(entity_id), name, billing.manifest, settings)


@pytest.mark.parametrize("name", ["ai_tokens", "limits:ai_tokens"])
def test_a_price_grants_a_limit(open_shop: Callable[..., Billing], name: str) -> None:
    """The limit of a price must be found with and without its prefix, under one name, with its item."""
    billing = open_shop()
    held = billing.subscription("org_1")
    source = found(billing, "org_1", name)
    assert source.limit == Limit(100000, "period", "bill", "alpaca-ai-tokens")
    assert (source.name, source.item, source.terms_id) == ("ai_tokens", held.items[0], held.items[0].price_id)
    assert held.granted.sources.get("ai_tokens") is source
    assert held.granted.sources.get("projects") is None


def test_a_plan_grants_what_its_prices_do_not_name(open_shop: Callable[..., Billing]) -> None:
    """A limit that stands on the plan alone must hold, within the periods of the plan's item."""
    billing = open_shop()
    source = found(billing, "org_1", "images")
    assert source.limit == Limit(5)
    assert (source.item, source.terms_id) == (billing.subscription("org_1").items[0], "plan:alpaca-ai")


def test_without_a_subscription_the_free_plan_of_ones_kind_holds(open_shop: Callable[..., Billing]) -> None:
    """A user has the free plan, without an item; an organization, for which there is none, has nothing."""
    billing = open_shop()
    billing.customers.ensure("user_1", kind="user")
    billing.customers.ensure("org_2", kind="organization")
    source = found(billing, "user_1", "projects")
    assert (source.limit, source.item, source.terms_id) == (Limit(3), None, "plan:free")
    assert (billing.limits("user_1"), billing.features("user_1")) == (
        {"projects": Limit(3), "images": Limit(0)},
        {"support": "forum"},
    )
    assert found(billing, "org_2", "projects") == LimitSource(None, None, "none", "projects")
    assert (billing.limits("org_2"), billing.features("org_2")) == ({}, {})


def test_what_only_others_have_is_no_limit(open_shop: Callable[..., Billing]) -> None:
    """A name of another plan must be known and not included; a name of nobody's must be refused with near ones."""
    billing = open_shop()
    source = found(billing, "org_1", "members")
    assert (source.limit, source.terms_id) == (None, "none")
    with pytest.raises(UnknownName, match="No limit 'ai_token' in the manifest: did you mean 'ai_tokens'"):
        found(billing, "org_1", "limits:ai_token")


def test_the_larger_of_two_items_holds(
    open_shop: Callable[..., Billing], subscribe_to_other: Callable[..., str]
) -> None:
    """An add-on must never take away, and the source must be the item whose limit holds."""
    billing = open_shop()
    subscribe_to_other(billing, "org_2", {"limits:a": "5", "limits:b": "9"}, {"limits:a": "unlimited", "limits:b": "2"})
    a, b = (found(billing, "org_2", name) for name in "ab")
    assert (a.limit, b.limit) == (Limit("unlimited"), Limit(9))
    assert a.item is not None
    assert b.item is not None
    assert a.item.price_id == a.terms_id != b.terms_id == b.item.price_id


def test_strings_of_metadata_are_numbers(
    open_shop: Callable[..., Billing], subscribe_to_other: Callable[..., str]
) -> None:
    """Metadata are strings at Stripe: "1000" must be 1000, and a default must never take its place (S1)."""
    billing = open_shop(limits=LimitSettings(defaults={"standard-credits": 5}))
    price = subscribe_to_other(billing, "org_2", {"limits:standard-credits": "1000", "features:24/7 Support": "1"})
    assert billing.limits("org_2") == {"standard-credits": Limit(1000)}
    assert billing.features("org_2") == {"24/7 Support": "1"}
    assert found(billing, "org_2", "limits:standard-credits", billing._context.limits).terms_id == price


def test_minus_one_is_not_unlimited(open_shop: Callable[..., Billing], subscribe_to_other: Callable[..., str]) -> None:
    """A number below 0 must be refused, at Stripe and as a default, and never mean that there is no limit (S13)."""
    billing = open_shop()
    with pytest.raises(MarksInvalid, match=r"'limits:a' on Stripe price \w+ holds no whole number"):
        subscribe_to_other(billing, "org_2", {"limits:a": "-1"})
    with pytest.raises(InvalidInput, match="the default limit 'a': included must be a whole number from 0 on"):
        LimitSettings(defaults={"a": -1})


def test_other_prefixes_are_for_prices_of_other_tools(
    open_shop: Callable[..., Billing], subscribe_to_other: Callable[..., str]
) -> None:
    """A set prefix must be read beside ours, and names with it, with ours and with none must be one name."""
    billing = open_shop(limits=LimitSettings(limits_prefix="quota/", features_prefix="has/"))
    subscribe_to_other(billing, "org_2", {"quota/tokens": "7", "limits:images": "2", "has/sso": "yes"})
    assert billing.limits("org_2") == {"tokens": Limit(7), "images": Limit(2)}
    assert billing.features("org_2") == {"sso": "yes"}
    names = ("tokens", "quota/tokens", "limits:tokens")
    assert {found(billing, "org_2", name, billing._context.limits).name for name in names} == {"tokens"}
    assert [item.terms and item.terms.limits for item in billing.subscriptions.of("org_2")[0].items] == [
        billing.limits("org_2")
    ]


def test_a_default_completes_terms(open_shop: Callable[..., Billing]) -> None:
    """What the terms lack must have the default, what they say must stay, and who has no terms has no default."""
    settings = LimitSettings(defaults={"limits:exports": 5, "ai_tokens": 1, "seats": Limit(3, "lifetime")})
    billing = open_shop(limits=settings)
    billing.customers.ensure("user_1", kind="user")
    item = billing.subscription("org_1").items[0]
    assert found(billing, "org_1", "exports", settings) == LimitSource(Limit(5), item, "default", "exports")
    assert found(billing, "user_1", "exports", settings) == LimitSource(Limit(5), None, "default", "exports")
    assert {name: limit.included for name, limit in billing.limits("org_1").items()} == {
        "ai_tokens": 100000,
        "images": 5,
        "exports": 5,
        "seats": 3,
    }
    billing.customers.ensure("org_2", kind="organization")
    assert billing.limits("org_2") == {}
    assert found(billing, "org_2", "exports", settings).limit is None


def test_a_default_is_told_of_once(open_shop: Callable[..., Billing], caplog: pytest.LogCaptureFixture) -> None:
    """A name that the terms lack must be one warning in the life of a process, not one for each call."""
    billing = open_shop(limits=LimitSettings(defaults={"told-once": 5}))
    with caplog.at_level(logging.WARNING, "billing_runtime"):
        for _ in range(3):
            assert billing.check("org_1", "told-once", current=0)
            assert billing.limits("org_1")["told-once"] == Limit(5)
    assert [record.getMessage() for record in caplog.records if "told-once" in record.getMessage()] == [
        "Terms of a customer have no limit 'told-once': the default holds, here and wherever it is missing."
    ]


@pytest.mark.parametrize("status", ["canceled", "unpaid", "incomplete", "incomplete_expired", "paused", "past_due"])
def test_without_access_only_the_free_plan_holds(
    open_shop: Callable[..., Billing], set_status: Callable[..., None], status: str
) -> None:
    """What was subscribed to must not be used any more, nor be completed by defaults; its name stays known."""
    settings = LimitSettings(defaults={"exports": 5})
    billing = open_shop(limits=settings)
    set_status(billing, "org_1", status)
    assert billing.limits("org_1") == {}
    assert found(billing, "org_1", "ai_tokens", settings).limit is None
    assert found(billing, "org_1", "exports", settings).limit is None


INCLUDED = "the default limit 'a': included must be a whole number from 0 on, or 'unlimited'."
BEGINNINGS = (
    "limits_prefix and features_prefix must not begin as each other, or as another of 'limits:', 'features:' or "
    "'billing:'."
)
SENSELESS: list[tuple[Json, str]] = [
    ({"defaults": {"a": True}}, INCLUDED),
    ({"defaults": {"a": 1.5}}, INCLUDED),
    ({"defaults": {"a": "5"}}, INCLUDED),
    ({"defaults": {"a": 1, "limits:a": 2}}, "the default limit 'a' is given twice."),
    (
        {"defaults": {"a": Limit(1, per="year", carry="keep"), "b": Limit(1, overage="no")}},
        (
            "the default limit 'a': per must be period, month, day, hour or lifetime; "
            "the default limit 'a': carry must be carry, reset or prorate; "
            "the default limit 'b': overage must be block, allow or bill."
        ),
    ),
    (
        {"defaults": {"a": Limit(1, rollover=Rollover(-1, 1), thresholds=(80, 80))}},
        (
            "the default limit 'a': rollover must have max, a whole number from 0 on or None, and periods, from 1 on; "
            "the default limit 'a': thresholds must be whole percents from 1 to 1000, ascending, each once."
        ),
    ),
    ({"limits_prefix": ""}, "limits_prefix must be a text of 1 to 39 characters."),
    ({"features_prefix": "x" * 40}, "features_prefix must be a text of 1 to 39 characters."),
    ({"limits_prefix": "x:", "features_prefix": "x:y"}, BEGINNINGS),
    ({"limits_prefix": "x:", "features_prefix": "x:"}, BEGINNINGS),
    ({"limits_prefix": "features:", "features_prefix": "f:"}, BEGINNINGS),
    ({"features_prefix": "limits:", "limits_prefix": "l:"}, BEGINNINGS),
    ({"limits_prefix": "billing:"}, BEGINNINGS),
    ({"features_prefix": "bill"}, BEGINNINGS),
    ({"limits_prefix": "limits:my-"}, BEGINNINGS),
]


@pytest.mark.parametrize(("settings", "said"), SENSELESS)
def test_settings_that_make_no_sense_are_refused(settings: Json, said: str) -> None:
    """Every problem at once, before anything is opened."""
    with pytest.raises(InvalidInput) as caught:
        LimitSettings(**settings)
    assert str(caught.value) == said


def test_a_default_names_a_meter_that_is_there(open_billing: Callable[..., Billing], manifest_data: Json) -> None:
    """Usage that no meter of the stack could be told of must be refused when the application starts."""
    open_billing(manifest=manifest_data, limits=LimitSettings({"a": Limit(5, meter="alpaca-ai-tokens")}))
    with pytest.raises(UnknownName, match="No meter 'alpaca-ai-token' in the manifest: did you mean"):
        open_billing(manifest=manifest_data, limits=LimitSettings({"a": Limit(5, meter="alpaca-ai-token")}))


AMOUNTS = st.just("unlimited") | st.integers(0, 10**15)


@given(st.dictionaries(st.text("abc-_ ", min_size=1, max_size=9), AMOUNTS, max_size=5))
def test_any_sound_default_is_taken(defaults: Any) -> None:
    """Each default must be found under its plain name, as a limit of so much."""
    settings = LimitSettings(defaults=defaults)
    for name, included in defaults.items():
        assert settings.limits[settings.plain(name)] == Limit(included)


@pytest.mark.parametrize("stale", [timedelta(0), timedelta(hours=1)])
def test_a_new_customer_has_its_kinds_plan_at_once(open_shop: Callable[..., Billing], stale: timedelta) -> None:
    """Who was asked about before it had a customer must not be taken for a stranger afterwards, however stale."""
    billing = open_shop(stale=stale)
    for entity_id, kind, plan in (("user_1", "user", "free"), ("org_2", "organization", None)):
        stranger = billing.subscription(entity_id)
        assert stranger.plan is not None
        billing.customers.ensure(entity_id, kind=kind)
        found = billing.subscription(entity_id)
        assert (found.plan and found.plan.key) == plan
        assert billing.subscription(entity_id) is found


def test_the_answer_is_the_same_object_until_something_changes(
    open_shop: Callable[..., Billing], set_status: Callable[..., None]
) -> None:
    """What is worked out from a subscription may be kept by it: only a change makes another one."""
    billing = open_shop()
    before = billing.subscription("org_1")
    assert billing.subscription("org_1") is before
    set_status(billing, "org_1", "canceled")
    after = billing.subscription("org_1")
    assert after is not before
    assert billing.subscription("org_1") is after
