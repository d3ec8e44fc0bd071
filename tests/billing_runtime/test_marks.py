"""What the marks on a Stripe price say."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import Limit, MarksInvalid, Rollover, Seats, Terms, load_manifest
from billing_runtime.marks import Prefixes, granting_terms, read_marks, terms_of

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
        {"limits:x": "-1"},
        {"limits:x": "1.5"},
        {"limits:x": ""},
        {"limits:x": "5 6"},
        {"limits:x": "5 per=fortnight"},
        {"limits:x": "5 overage=maybe"},
        {"limits:x": "5 carry=keep"},
        {"limits:x": "5 rollover=7"},
        {"limits:x": "5 rollover=7/0"},
        {"limits:x": "5 rollover=-7/1"},
        {"limits:x": "5 rollover=all/1"},
        {"limits:x": "5 thresholds="},
        {"limits:x": "5 thresholds=80%"},
        {"limits:x": "5 thresholds=0,80"},
        {"limits:x": "5 thresholds=80,1001"},
        {"limits:x": "5 thresholds=100,80"},
        {"limits:x": "5 thresholds=80,80"},
        {"limits:x": "\u0661\u0660"},
    ],
)
def test_garbage_is_refused_by_name(marks: dict[str, str]) -> None:
    """A mark that is not understood must never be taken for a number."""
    with pytest.raises(MarksInvalid, match=f"The mark '{next(iter(marks))}' on Stripe price price_old"):
        read_marks("price_old", OLD | marks)


def test_words_of_a_later_version_are_left_alone() -> None:
    """A newer provisioning may say more of a limit: what this version knows of it must be read as ever."""
    terms = read_marks("price_old", OLD | {"limits:x": "5 per=day weather=sunny rollover=unlimited/3"})
    assert terms is not None
    assert terms.limits == {"x": Limit(5, "day", rollover=Rollover(None, 3))}


CONVEX = {"limits:standard-credits": "1000", "limits:seats": "0", "features:Standard Credits": "1,000"}


def other_price(metadata: dict[str, str], **facts: Any) -> dict[str, Any]:
    """A price that another tool has made."""
    return {"id": "price_other", "product": "prod_ai", "recurring": {"interval": "month"}, "metadata": metadata} | facts


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, "flat"),
        ({"recurring": {"interval": "month", "usage_type": "licensed"}}, "flat"),
        ({"recurring": {"interval": "month", "usage_type": "metered"}}, "metered"),
        ({"recurring": None}, "one_time"),
    ],
)
def test_a_price_of_another_tool_grants_what_its_metadata_says(
    manifest_data: dict[str, Any], facts: dict[str, Any], kind: str
) -> None:
    """Without a mark of ours its limits and features must hold, its type be told by the price, its name by nobody."""
    terms = granting_terms(load_manifest(manifest_data), other_price(CONVEX, **facts))
    assert terms == Terms(
        None,
        "price_other",
        kind,  # type: ignore[arg-type] # a parameter
        limits={"standard-credits": Limit(1000), "seats": Limit(0)},
        features={"Standard Credits": "1,000"},
        replaced=True,
    )


@pytest.mark.parametrize("metadata", [{}, {"plan": "x"}, {"limits:": "5"}, {"quota.tokens": "5"}])
def test_a_price_that_says_nothing_grants_nothing(manifest_data: dict[str, Any], metadata: dict[str, str]) -> None:
    """Other people's prices without limits and features must be left alone."""
    assert granting_terms(load_manifest(manifest_data), other_price(metadata)) is None


def test_garbage_of_another_tool_is_put_right_there(manifest_data: dict[str, Any]) -> None:
    """Provisioning cannot mend a price that it has not made, so another way out must be named."""
    said = "holds no whole number where one must stand: correct the price's metadata at Stripe"
    with pytest.raises(MarksInvalid, match=f"The mark 'limits:x' on Stripe price price_other {said}"):
        granting_terms(load_manifest(manifest_data), other_price({"limits:x": "-1"}))


def test_other_prefixes_are_read_beside_ours(manifest_data: dict[str, Any]) -> None:
    """A setting for prices of other tools must not take away what our own prices say, and ours must win."""
    marks = {"limits:a": "1", "quota.a": "9", "quota.b": "2", "features:c": "ours", "has.c": "theirs", "has.d": "yes"}
    prefixes = Prefixes("quota.", "has.")
    old = granting_terms(load_manifest(manifest_data), stripe_price("price_old", marks), prefixes)
    other = granting_terms(load_manifest(manifest_data), other_price(marks), prefixes)
    assert old is not None
    assert other is not None
    assert old.limits == other.limits == {"a": Limit(1), "b": Limit(2)}
    assert old.features == other.features == {"c": "ours", "d": "yes"}
    assert (old.key, old.type, other.key) == ("team.monthly", "per_seat", None)


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
