"""What the marks on a Stripe price say."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Limit, MarksInvalid, Seats, load_manifest
from billing_runtime.marks import read_marks, terms_of

OLD = {"billing:stack": "shop/dev", "billing:key": "team.monthly", "billing:type": "per_seat"}


def stripe_price(price_id: str, marks: dict[str, str]) -> dict[str, Any]:
    """A monthly price of the team product at Stripe."""
    return {"id": price_id, "product": "prod_team", "recurring": {"interval": "month"}, "metadata": OLD | marks}


COUNTS = st.integers(1, 10**12)


def test_a_known_price_is_read_from_the_manifest(manifest_data: dict[str, Any]) -> None:
    """What the manifest says must win over the marks."""
    terms = terms_of(load_manifest(manifest_data), stripe_price("price_team", {"billing:seats": "follow minimum=9"}))
    assert terms is not None
    assert (terms.key, terms.seats, terms.replaced) == ("team.monthly", Seats("follow", 1, 50), False)


def test_a_replaced_price_speaks_for_itself(manifest_data: dict[str, Any]) -> None:
    """A price the manifest does not know must be read from its own marks."""
    terms = terms_of(
        load_manifest(manifest_data), stripe_price("price_old", {"billing:seats": "follow minimum=2 maximum=9"})
    )
    assert terms is not None
    assert (terms.key, terms.seats, terms.replaced) == ("team.monthly", Seats("follow", 2, 9), True)


def test_an_archived_price_that_gave_its_owner_up_still_counts(manifest_data: dict[str, Any]) -> None:
    """Archiving takes the owner's marks away, not the price's meaning: its name is found if only one fits."""
    price = stripe_price("price_old", {"billing:stack": "", "billing:key": ""})
    terms = terms_of(load_manifest(manifest_data), price)
    assert terms is not None
    assert (terms.key, terms.type) == ("team.monthly", "per_seat")


@pytest.mark.parametrize("facts", [{"product": "prod_ai"}, {"recurring": {"interval": "year"}}, {"recurring": None}])
def test_a_name_is_not_guessed(manifest_data: dict[str, Any], facts: dict[str, Any]) -> None:
    """A price of another product or interval must not be taken for one that is sold today."""
    price = stripe_price("price_old", {"billing:key": ""}) | facts
    terms = terms_of(load_manifest(manifest_data), price)
    assert terms is not None
    assert terms.key is None


def test_of_two_that_fit_none_is_the_name(manifest_data: dict[str, Any]) -> None:
    """Between two prices alike nobody may choose."""
    manifest_data["prices"]["team.volume"] = manifest_data["prices"]["team.monthly"] | {"id": "price_volume"}
    terms = terms_of(load_manifest(manifest_data), stripe_price("price_old", {"billing:key": ""}))
    assert terms is not None
    assert terms.key is None


@pytest.mark.parametrize(("mark", "meter"), [("alpaca_ai_tokens", "alpaca-ai-tokens"), ("gone", "gone")])
def test_a_meter_is_known_by_its_event(manifest_data: dict[str, Any], mark: str, meter: str) -> None:
    """The mark names the meter's event; the manifest's own name for it must be found."""
    terms = terms_of(load_manifest(manifest_data), stripe_price("price_old", {"billing:meter": mark}))
    assert terms is not None
    assert terms.meter == meter


@pytest.mark.parametrize("metadata", [{}, {"plan": "x"}, {"billing:key": "x"}])
def test_a_price_without_marks_is_not_ours(metadata: dict[str, str]) -> None:
    """Other people's prices must be left alone."""
    assert read_marks("price_other", metadata) is None


def test_a_minimum_of_no_seat_is_one() -> None:
    """Nobody is billed for no seat at all, on an old price either."""
    terms = read_marks("price_old", OLD | {"billing:seats": "follow minimum=0"})
    assert terms is not None
    assert terms.seats == Seats("follow", 1, None)


def test_limits_and_features_are_read() -> None:
    """An old subscriber keeps the limits and features of his own price."""
    marks = {"limits:ai_tokens": "100000 overage=bill meter=ai-tokens", "limits:x": "unlimited", "features:sso": "1"}
    terms = read_marks("price_old", OLD | marks | {"billing:meter": "ai-tokens", "billing:trial_days": "14"})
    assert terms is not None
    assert terms.limits == {
        "ai_tokens": Limit(100000, "period", "bill", "ai-tokens"),
        "x": Limit("unlimited"),
    }
    assert (terms.features, terms.meter, terms.trial_days) == ({"sso": "1"}, "ai-tokens", 14)


@pytest.mark.parametrize(
    "marks",
    [
        {"billing:type": "weekly"},
        {"billing:seats": "follow minimum=few"},
        {"billing:seats": ""},
        {"billing:seats": "follow minimum"},
        {"billing:trial_days": "-1"},
        {"limits:x": "1e3"},
        {"limits:x": "\u0661\u0660"},
    ],
)
def test_garbage_is_refused_by_name(marks: dict[str, str]) -> None:
    """A mark that is not understood must never be taken for a number."""
    with pytest.raises(MarksInvalid, match=f"The mark '{next(iter(marks))}' on Stripe price price_old"):
        read_marks("price_old", OLD | marks)


@given(COUNTS, st.none() | COUNTS)
def test_seats_survive_the_journey(minimum: int, maximum: int | None) -> None:
    """What provisioning writes must be what the runtime reads."""
    text = f"follow minimum={minimum}" + ("" if maximum is None else f" maximum={maximum}")
    terms = read_marks("price_old", OLD | {"billing:seats": text})
    assert terms is not None
    assert terms.seats == Seats("follow", minimum, maximum)


@given(
    st.dictionaries(st.sampled_from(["billing:seats", "limits:a", "billing:trial_days", "billing:meter"]), st.text())
)
def test_no_mark_breaks_the_reader(marks: dict[str, str]) -> None:
    """Whatever somebody typed into Stripe's dashboard, the answer must be terms or one of our errors."""
    with suppress(MarksInvalid):
        assert read_marks("price_old", OLD | marks) is not None
