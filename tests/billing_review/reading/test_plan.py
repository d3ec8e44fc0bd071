"""A plan of Pulumi becomes a change: what happens to each object, by the names that the program gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing_review.reading import read_plan
from billing_review.steps import Step
from tests.billing_review.reading.plans import STACK, UNKNOWN, plan, stack_step, state, step, urn

SEAT: dict[str, Any] = {"product": "prod_1aaaaaaaa", "currency": "usd", "unit_amount": 1200, "lookup_key": "team_seat"}
NEEDS = {"product": [urn("Product", "team", "team")]}
ENVELOPE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc:def"}


def only(text: str) -> Step:
    """The one step of a plan."""
    (found,) = read_plan(text).steps
    return found


def price(unit_amount: Any, **more: Any) -> dict[str, Any]:
    """The seat price of plan team."""
    return state("Price", "team.seat", {**SEAT, "unit_amount": unit_amount}, plan="team", needs=NEEDS, **more)


def test_a_replaced_price() -> None:
    """It has both sides, its id, its plan, what changed, and what of it makes a new object."""
    old = price(1200, id="price_1", delete=True, outputs={"account": "acct_1", "livemode": True})
    changes = {"unit_amount": "update-replace", "trial_days": "add", "_stack": "update"}
    found = read_plan(plan(stack_step(), step("replace", old, price(1400), changes=changes)))
    product = {"product": "prod_1aaaaaaaa"}
    assert found.steps == (
        Step(
            "Price",
            "team.seat",
            "replace",
            {"currency": "usd", "unit_amount": 1200, "lookup_key": "team_seat", **product},
            {"currency": "usd", "unit_amount": 1400, "lookup_key": "team_seat", **product},
            object_id="price_1",
            plan="team",
            changed=("trial_days", "unit_amount"),
            replacing=("unit_amount",),
        ),
    )
    source = found.source
    assert (source.kind, source.project, source.stack) == ("plan", "shop", "dev")
    assert (source.account, source.livemode) == ("acct_1", True)


def test_a_replacement_in_three_steps_is_one() -> None:
    """Some versions tell of the new object, of the replacement and of the old object's end; that is one thing."""
    old, new = price(1200, id="price_1"), price(1400)
    details = {"nickname": "update", "unit_amount": "update-replace"}
    first = step("create-replacement", old, new, changes=details)
    three = [first, step("replace", old, new), step("delete-replaced", old)]
    found = only(plan(*three))
    assert (found.operation, found.object_id) == ("replace", "price_1")
    assert (found.args["unit_amount"], found.changed) == (1400, ("nickname", "unit_amount"))


def test_an_import_that_changes_what_it_finds_is_one_step() -> None:
    """The id is the imported one, what was there is the old side, and the difference is told."""
    new = price(1200, importID="price_9")
    update = step("update", price(1100, id="price_9"), new, changes={"nickname": "delete"})
    found = only(plan(step("import", new=new), update))
    assert (found.operation, found.object_id, found.changed) == ("import", "price_9", ("nickname",))
    assert (found.old or {})["unit_amount"] == 1100


def test_what_leaves_its_plan_is_replaced() -> None:
    """Its place is part of its URN, so the engine makes a new one and deletes the old one: one replacement."""
    gone = step("delete", price(1200, id="price_1"))
    came = step("create", new=state("Price", "team.seat", {**SEAT, "unit_amount": 1300}))
    manifest = {"plans": {"team": {"name": "Team"}}}
    found = only(plan(stack_step({"manifest": manifest}), gone, came))
    assert (found.operation, found.object_id, found.plan, found.changed) == (
        "replace",
        "price_1",
        None,
        ("unit_amount",),
    )


@pytest.mark.parametrize("operation", ["read", "read-replacement", "discard", "discard-replaced", "delete-replaced"])
def test_what_is_only_read_is_no_change(operation: str) -> None:
    """Objects that a program looks up, and leftovers of an earlier run, are not part of the change."""
    assert read_plan(plan(step(operation, price(1200, id="price_1"), price(1200)))).steps == ()


def test_resources_of_others_are_counted_and_not_steps() -> None:
    """A bucket is nobody's billing; that it changes as well is known. Stack, plans and providers are no resources."""
    bucket = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs"
    group = "urn:pulumi:dev::shop::billing:index:Plan::team"
    provider = "urn:pulumi:dev::shop::pulumi:providers:aws::mine"
    others = [{"op": "create", "urn": one, "newState": {"urn": one}} for one in (bucket, group, provider)]
    same = {"op": "same", "urn": bucket.replace("logs", "old"), "oldState": {}, "newState": {}}
    found = read_plan(plan(stack_step(op="create"), *others, same))
    assert (found.steps, found.others, found.trouble) == ((), {"create": 1}, ())


def test_without_details_the_difference_is_found_by_looking() -> None:
    """Pulumi's stock host says only that something changed; equal amounts and orders are not it."""
    old = price(1200, id="price_1")
    old["inputs"] |= {"flat_amount": 5, "tags": ["b", "a"], "recurring": {"interval": "month"}}
    new = price(1400)
    new["inputs"] |= {"flat_amount_decimal": "5.00", "tags": ["a", "b"], "recurring": {"interval": "year"}}
    found = only(plan(step("replace", old, new, replaceReasons=["unit_amount"])))
    assert found.changed == ("recurring.interval", "unit_amount")
    assert found.replacing == ("unit_amount",)


def test_a_replacement_that_was_asked_for_changes_nothing() -> None:
    """`--replace` names the id as its reason, which no program writes."""
    found = only(plan(step("replace", price(1200, id="price_1"), price(1200), replaceReasons=["id"])))
    assert (found.operation, found.changed, found.replacing) == ("replace", (), ())


def test_numbers_are_exact_and_whole_where_they_are_whole() -> None:
    """Pulumi hands numbers back as floats; money is never one."""
    found = only(plan(step("create", new=price(1200.0) | {"inputs": {"unit_amount": 1200.0, "percent_off": 12.55}})))
    assert found.args == {"unit_amount": 1200, "percent_off": Decimal("12.55")}
    assert type(found.args["unit_amount"]) is int


def test_a_number_with_a_huge_exponent_costs_nothing() -> None:
    """A number that would fill the memory when written out stays as it is."""
    text = plan(step("create", new=price(0))).replace('"unit_amount": 0', '"unit_amount": 1e999999999')
    assert only(text).args["unit_amount"] == Decimal("1e999999999")


def test_secrets_are_masked_wherever_they_are() -> None:
    """Pulumi's envelopes, and keys that somebody wrote into a text, are never carried on."""
    inputs = {"url": ENVELOPE, "metadata": {"a": [ENVELOPE], "note": "use sk_live_abc or whsec_def now"}}
    text = plan(step("create", new=state("WebhookEndpoint", "app", inputs)))
    assert only(text).new == {
        "url": "[secret]",
        "metadata": {"a": ["[secret]"], "note": "use [secret] or [secret] now"},
    }
    assert "v1:abc" not in repr(read_plan(text))


def test_bookkeeping_is_no_field() -> None:
    """What the engine and the provider keep for themselves is not what is sold."""
    new = state("Product", "team", {"name": "Team", "adopt": True, "description": None})
    assert only(plan(step("create", new=new))).new == {"name": "Team"}


def test_errors_are_the_trouble_of_the_plan() -> None:
    """Each is one sentence with its object and without traceback; that the preview failed goes without saying."""
    said = [
        {"urn": urn("Price", "team.seat"), "message": "error: unit_amount must be whole\n", "severity": "error"},
        {
            "message": "error: Program failed:\nTraceback (most recent call last):\n  File x\nKeyError: 'a'\n",
            "severity": "error",
        },
        {"urn": STACK, "message": "error: preview failed\n", "severity": "error"},
        {"message": "warning: old\n", "severity": "warning"},
    ]
    expected = ("Price team.seat: unit_amount must be whole", "Program failed: KeyError: 'a'")
    assert read_plan(plan(diagnostics=said)).trouble == expected


def test_a_preview_that_only_failed_says_so() -> None:
    """Without any other reason, that it failed is what there is to say."""
    said = [{"urn": STACK, "message": "error: preview failed\n", "severity": "error"}]
    assert read_plan(plan(diagnostics=said)).trouble == ("preview failed",)


def test_the_mode_of_a_new_stack_is_what_its_settings_want() -> None:
    """Nothing is at Stripe yet that could tell."""
    config = {"stripe:mode": "live", "stripe:account": "acct_7"}
    source = read_plan(plan(stack_step(op="create"), config=config)).source
    assert (source.livemode, source.account) == (True, "acct_7")


def test_what_is_known_only_later_is_said_and_not_guessed() -> None:
    """A field that is computed from objects that are not there yet cannot be reviewed."""
    found = read_plan(plan(step("create", new=price(UNKNOWN))))
    assert "unit_amount" not in (found.steps[0].new or {})
    assert found.trouble == ("Price team.seat: unit_amount is known only after the update, so it is not reviewed",)
