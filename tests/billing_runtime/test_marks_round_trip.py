"""What provisioning writes on a price is what the runtime reads from it: the two rooms meet only in this text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_resources._engine import every_kind
from billing_resources._engine.default_price import FollowsDefaultPrice
from billing_resources._engine.marks import UNOWNED, Owner
from billing_resources._engine.params import marks_of
from billing_resources._engine.price_marks import METER, PRICE_MARKS, whole_limit
from billing_runtime import Limit, Rollover, Seats, Terms, load_manifest
from billing_runtime.marks import read_marks, terms_of

Json = dict[str, Any]
OWNER = Owner("shop/dev", "team.monthly")
NAMES = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,25}", fullmatch=True)
COUNTS = st.integers(1, 10**12)
SEATS = st.fixed_dictionaries(
    {"mode": st.sampled_from(["follow", "purchased"])}, optional={"minimum": COUNTS, "maximum": COUNTS}
)
LIMITS = st.fixed_dictionaries(
    {"included": st.just("unlimited") | st.integers(0, 10**15)},
    optional={
        "per": st.sampled_from(["period", "month", "day", "hour", "lifetime"]),
        "overage": st.sampled_from(["block", "allow", "bill"]),
        "meter": NAMES,
        "rollover": st.fixed_dictionaries(
            {"max": st.just("unlimited") | st.integers(0, 10**15), "periods": st.integers(1, 10**6)}
        ),
        "carry": st.sampled_from(["carry", "reset", "prorate"]),
        "thresholds": st.lists(st.integers(1, 1000), min_size=1, unique=True).map(sorted),
    },
)
SHARED: Json = {
    "trial_days": st.integers(1, 730),
    "limits": st.dictionaries(NAMES, LIMITS, max_size=5),
    "features": st.dictionaries(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=500), max_size=5),
}
MONTHLY = st.just({"interval": "month"})
METERED = st.just({"interval": "month", "usage_type": "metered", "meter": "mtr_1"})
DECLARED = (
    st.fixed_dictionaries({"recurring": MONTHLY}, optional=SHARED | {"seats": SEATS})
    | st.fixed_dictionaries({"recurring": METERED}, optional=SHARED)
    | st.fixed_dictionaries({}, optional={name: SHARED[name] for name in ("limits", "features")})
)


class _Session:
    """Provisioning's view of the one meter."""

    def known(self, _: object) -> Json:
        """The meters by id."""
        return {"mtr_1": {"event_name": "alpaca_ai_tokens"}}


def written(args: Json) -> dict[str, str]:
    """The marks of a price declared so, its meter's event included, as they stand at Stripe once it is archived."""
    marks = marks_of(every_kind.price.Price.kind, args, OWNER)
    marks |= FollowsDefaultPrice().more_marks(_Session(), args)  # type: ignore[arg-type] # all that is asked of it
    return {key: value for key, value in (marks | dict(UNOWNED)).items() if value}


def type_of(args: Json) -> Any:
    """The type that a price declared so must have."""
    if "recurring" not in args:
        return "one_time"
    if "meter" in args["recurring"]:
        return "metered"
    return "per_seat" if "seats" in args else "flat"


def seats(declared: Json | None) -> Seats | None:
    """The seats as the runtime has them."""
    return None if declared is None else Seats(declared["mode"], declared.get("minimum", 1), declared.get("maximum"))


def limit(declared: Json) -> Limit:
    """The limit as the runtime has it."""
    whole = whole_limit(declared)
    rollover = whole.pop("rollover", None)
    kept = {"max": None if rollover["max"] == "unlimited" else rollover["max"]} if rollover else {}
    stays = None if rollover is None else Rollover(**rollover | kept)
    return Limit(**whole | {"rollover": stays, "thresholds": tuple(whole.get("thresholds", ()))})


@given(DECLARED)
def test_terms_survive_the_journey(args: Json) -> None:
    """Type, seats, trial, limits, features and meter of an archived price must be those it was declared with."""
    assert read_marks("price_old", written(args)) == Terms(
        key="team.monthly",
        price_id="price_old",
        type=type_of(args),
        seats=seats(args.get("seats")),
        meter="alpaca_ai_tokens" if type_of(args) == "metered" else None,
        trial_days=args.get("trial_days"),
        limits={name: limit(one) for name, one in args.get("limits", {}).items()},
        features=args.get("features", {}),
        replaced=True,
    )


@given(DECLARED)
def test_both_rooms_read_the_same(args: Json) -> None:
    """A refresh must see the very terms that the runtime sees."""
    marks = written(args)
    read = {mark.field: mark.read(marks) for mark in PRICE_MARKS if mark.field}
    terms = read_marks("price_old", marks)
    assert terms is not None
    assert (read["trial_days"], seats(read["seats"])) == (terms.trial_days, terms.seats)
    assert (read["features"] or {}) == terms.features
    assert {name: limit(one) for name, one in (read["limits"] or {}).items()} == terms.limits
    assert {name: whole_limit(one) for name, one in (read["limits"] or {}).items()} == {
        name: whole_limit(one) for name, one in args.get("limits", {}).items()
    }


def test_a_meter_is_found_under_its_name(manifest_data: Json) -> None:
    """Provisioning names the meter by its event; the runtime must find the manifest's name for it."""
    metadata = written({"recurring": {"interval": "month", "usage_type": "metered", "meter": "mtr_1"}})
    assert metadata[METER] == "alpaca_ai_tokens"
    terms = terms_of(load_manifest(manifest_data), {"id": "price_old", "product": "prod_ai", "metadata": metadata})
    assert terms is not None
    assert terms.meter == "alpaca-ai-tokens"


@pytest.mark.parametrize(
    ("args", "mark", "text"),
    [
        ({"recurring": {}, "seats": {"mode": "follow"}}, "billing:seats", "follow minimum=1"),
        ({"recurring": {}, "seats": {"mode": "follow", "maximum": 50}}, "billing:seats", "follow minimum=1 maximum=50"),
        ({"limits": {"x": {"included": 5, "overage": "bill", "meter": "t"}}}, "limits:x", "5 overage=bill meter=t"),
        ({"limits": {"x": {"included": "unlimited"}}}, "limits:x", "unlimited"),
        ({"limits": {"x": {"included": 0, "per": "period", "overage": "block", "carry": "carry"}}}, "limits:x", "0"),
        (
            {
                "limits": {
                    "x": {
                        "included": 100000,
                        "overage": "bill",
                        "meter": "ai-tokens",
                        "carry": "prorate",
                        "thresholds": [80, 100],
                    }
                }
            },
            "limits:x",
            "100000 overage=bill meter=ai-tokens carry=prorate thresholds=80,100",
        ),
        (
            {"limits": {"x": {"included": 5, "per": "month", "rollover": {"max": 5000, "periods": 2}}}},
            "limits:x",
            "5 per=month rollover=5000/2",
        ),
        (
            {"limits": {"x": {"included": 5, "carry": "reset", "rollover": {"max": "unlimited", "periods": 1}}}},
            "limits:x",
            "5 rollover=unlimited/1 carry=reset",
        ),
        ({"features": {"SSO login": "yes please"}}, "features:SSO login", "yes please"),
        ({"recurring": {}, "trial_days": 14}, "billing:trial_days", "14"),
    ],
)
def test_the_text_itself(args: Json, mark: str, text: str) -> None:
    """What stands in customers' accounts is a public format: it must not change on both sides at once."""
    assert written(args)[mark] == text
