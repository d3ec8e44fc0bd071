"""Broken manifests are refused with every fault at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import ManifestError, ManifestInvalid, ManifestTooNew, load_manifest

Json = dict[str, Any]


def problems(data: Any) -> str:
    """What is said about a broken manifest."""
    with pytest.raises(ManifestInvalid) as caught:
        load_manifest(data)
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("plans",), [], "plans must be of type object"),
        (("prices", "team.monthly", "unit_amount_decimal"), 12.5, "prices.team.monthly.unit_amount_decimal must be of"),
        (("prices", "team.monthly", "unit_amount_decimal"), "-1", "unit_amount_decimal must match"),
        (("prices", "team.monthly", "unit_amount_decimal"), "0.1234567890123", "unit_amount_decimal must match"),
        (("prices", "team.monthly", "type"), "weekly", "must be one of flat, per_seat, metered, one_time"),
        (("prices", "team.monthly", "currency"), "USD", "currency must match"),
        (("prices", "team.monthly", "product"), "teams", "product names the product 'teams', which is not there, did"),
        (("prices", "team.monthly", "seats"), None, "seats must be given, since the price is per seat"),
        (("prices", "alpaca-ai.tokens", "meter"), None, "meter must name a meter, since the price is metered"),
        (("prices", "alpaca-ai.tokens", "meter"), "x", "prices.alpaca-ai.tokens.meter names the meter 'x'"),
        (("plans", "team", "prices"), ["team.weekly"], "plans.team.prices names the price 'team.weekly'"),
        (("plans", "team", "product"), "none", "plans.team.product names the product 'none'"),
        (("plans", "alpaca-ai", "limits", "ai_tokens", "meter"), "x", "limits.ai_tokens.meter names the meter 'x'"),
        (
            ("prices", "team.monthly", "limits"),
            {"a": {"included": 1, "meter": "x"}},
            "team.monthly.limits.a.meter names",
        ),
        (("plans", "team", "limits", "members", "included"), -1, "members.included"),
        (("plans", "team", "limits", "members", "carry"), "keep", "members.carry must be one of carry, reset, prorate"),
        (("plans", "team", "limits", "members", "rollover"), {"max": 5}, "members.rollover lacks 'periods'"),
        (("plans", "team", "limits", "members", "rollover"), {"max": 5, "periods": 0}, "periods must be at least 1"),
        (("plans", "team", "limits", "members", "thresholds"), [80, 1001], "thresholds.1 must be at most 1000"),
        (("alerts", "t", "meter"), "x", "alerts.t.meter names the meter 'x'"),
        (("account",), "me", "account must match ^acct_"),
        (("version",), 0, "version must be 1"),
        (("version",), True, "version"),
        (("version",), float("inf"), "version must be 1"),
        (("version",), float("nan"), "version must be 1"),
    ],
)
def test_a_fault_is_named(manifest_data: Json, path: tuple[str, ...], value: Any, said: str) -> None:
    """Each fault must be named with its place."""
    target = manifest_data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert said in problems(manifest_data)


def test_all_faults_come_at_once(manifest_data: Json) -> None:
    """Nobody should have to mend and try again for each fault."""
    del manifest_data["meters"], manifest_data["prices"]["team.monthly"]["id"]
    manifest_data["livemode"] = "no"
    found = problems(manifest_data)
    assert "the manifest lacks 'meters'" in found
    assert "prices.team.monthly lacks 'id'" in found
    assert "livemode must be of type boolean, null" in found


def test_values_are_not_repeated(manifest_data: Json) -> None:
    """What stands where it should not may be a secret."""
    manifest_data["account"] = manifest_data["plans"]["team"]["rank"] = "whatever-secret"
    assert "whatever-secret" not in problems(manifest_data)


def test_a_newer_version_is_refused_before_all_else(manifest_data: Json) -> None:
    """A newer major version must be told from a broken file."""
    with pytest.raises(ManifestTooNew, match=r"has version 2, this billing_runtime reads up to 1: upgrade"):
        load_manifest({"version": 2, "plans": "all different"})


@pytest.mark.parametrize("data", ['{"a": 1}', "{}"])
def test_some_other_json(data: str) -> None:
    """A JSON file of another kind must be refused as such."""
    assert "the manifest lacks 'version'" in problems(data)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_no_json_value_breaks_the_loader(value: Any) -> None:
    """Whatever stands in the file, the answer must be one of our errors."""
    with pytest.raises(ManifestError):
        load_manifest({"version": value, "plans": value, "prices": value})
