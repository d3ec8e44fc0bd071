"""What somebody changed at Stripe, as far as a plan shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from billing_review.reading import read_plan
from billing_review.steps import Drift, Step
from tests.billing_review.reading.plans import plan, stack_step, state, step

RECORDED = Path(__file__).parents[2] / "local_engine" / "recordings" / "previews"


def product(name: str, **more: Any) -> dict[str, Any]:
    """A product that the state knows."""
    return state("Product", "team", {"name": name, "description": "D"}, id="prod_1", **more)


def only(text: str) -> Step:
    """The one step of a plan."""
    (found,) = read_plan(text).steps
    return found


def test_a_refresh_before_the_preview_shows_what_was_there() -> None:
    """First the object as the state knew it, then as Stripe has it: the difference is drift, and is set back."""
    look = step("refresh", product("Team"), product("Team"))
    back = step("update", product("Hacked"), product("Team"), changes={"name": "update"})
    found = only(plan(stack_step(op="refresh"), look, stack_step(), back))
    assert (found.operation, found.changed) == ("update", ("name",))
    assert found.drift == {"name": Drift("Team", "Hacked")}
    assert (found.old or {})["name"] == "Hacked"


def test_what_is_gone_is_made_anew() -> None:
    """The refresh saw it in the state, and the program's object is created: somebody deleted it at Stripe."""
    look = step("refresh", product("Team"), product("Team"))
    found = only(plan(stack_step(op="refresh"), look, stack_step(), step("create", new=product("Team"))))
    assert (found.operation, found.old) == ("create", None)
    assert found.drift == {"": Drift({"name": "Team", "description": "D"}, None)}


def test_what_a_refresh_finds_as_it_was_is_equal() -> None:
    """Its whole declaration is known then, although nothing changes."""
    found = only(plan(stack_step(op="refresh"), step("refresh", product("Team"), product("Team")), stack_step()))
    assert (found.operation, found.drift, found.object_id) == ("same", {}, "prod_1")
    assert found.old == found.new == {"name": "Team", "description": "D"}


def test_the_preview_of_a_refresh_is_drift_alone() -> None:
    """`pulumi refresh --preview-only` calls it update and delete, but nothing at Stripe will change."""
    changed = step("update", product("Team"), product("Hacked"), changes={"name": "update"})
    gone = step("delete", state("Meter", "tokens", {"event_name": "t"}, id="mtr_1"))
    found = read_plan(plan(stack_step(op="refresh"), changed, gone)).steps
    assert [(one.operation, one.drift) for one in found] == [
        ("same", {"name": Drift("Team", "Hacked")}),
        ("same", {"": Drift({"event_name": "t"}, None)}),
    ]


def test_an_object_that_is_not_alive_any_more() -> None:
    """No program says active; the host reads it off the outputs and says so with inputDiff false."""
    old = product("Team", outputs={"name": "Team", "active": False})
    change = step("update", old, product("Team"))
    change["detailedDiff"] = {"active": {"kind": "update", "inputDiff": False}}
    found = only(plan(change))
    assert found.drift == {"active": Drift(declared=True, found=False)}
    assert found.changed == ("active",)


def test_outputs_that_contradict_the_inputs() -> None:
    """A host that keeps the inputs at a refresh shows in its outputs alone what was changed."""
    old = product("Team", outputs={"name": "Hacked", "description": "D", "url": "made by Stripe"})
    assert only(plan(step("update", old, product("Team"), changes={"name": "update"}))).drift == {
        "name": Drift("Team", "Hacked")
    }


def test_another_spelling_is_no_drift() -> None:
    """Equal amounts, other orders, defaults that one side leaves out, and what is switched off anyway."""
    fields = {
        "unit_amount": 500,
        "events": ["b", "a"],
        "recurring": {"interval": "month"},
        "cancel": {"enabled": False},
    }
    seen = {
        "unit_amount_decimal": "500.00",
        "events": ["a", "b"],
        "recurring": {"interval": "month", "interval_count": 1},
        "cancel": {"enabled": False, "mode": "at_period_end"},
    }
    fields["cancel"]["mode"] = "immediately"  # type: ignore[index]
    old = state("Price", "a", fields, id="price_1", outputs=seen)
    assert only(plan(step("update", old, old, changes={"nickname": "add"}))).drift == {}


def test_references_in_drift_are_names() -> None:
    """What was moved to another object is told by its name."""
    meters = {"a": {"id": "mtr_aaaaaaaaa"}, "b": {"id": "mtr_bbbbbbbbb"}}
    before = state("Alert", "x", {"usage_threshold": {"meter": "mtr_aaaaaaaaa"}}, id="alrt_1")
    after = state("Alert", "x", {"usage_threshold": {"meter": "mtr_bbbbbbbbb"}}, id="alrt_1")
    text = plan(stack_step({"manifest": {"meters": meters}}, op="refresh"), step("update", before, after))
    found = next(one for one in read_plan(text).steps if one.kind == "Alert")
    assert found.drift == {"usage_threshold.meter": Drift("a", "b")}


def test_the_plan_of_the_cli_with_a_refresh() -> None:
    """As Pulumi CLI 3.260 printed it: one object drifted, one vanished, two stayed."""
    file = RECORDED / "s08b-uprefresh.03-preview.json"
    text = file.read_text(encoding="utf-8").replace("dynamic/billing:Thing", "dynamic/stripe:Thing")
    found = {one.key: one for one in read_plan(text).steps}
    assert {key: one.operation for key, one in found.items()} == {
        "a": "update",
        "c": "create",
        "d": "same",
        "b": "same",
    }
    assert found["a"].drift == {"label": Drift("one", "drifted")}
    assert found["c"].drift == {"": Drift({"label": "gone", "size": 3}, None)}
    assert found["b"].args == {"label": "for-th_a_1", "size": 1}
