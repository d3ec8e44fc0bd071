"""Crossings, corners and ranges of cost curves, against calculations of another kind."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_review.curves import HORIZON, MOST, Stretch, crossings, points, quantities, reach, span, stretches
from billing_review.pricing import Package, Pricing, Tier
from tests.billing_review.prices import anything, packages, price_list, tiered


def flat(amount: str, **more: object) -> Pricing:
    """So much for each unit."""
    return Pricing("usd", unit=Decimal(amount), **more)  # type: ignore[arg-type]


def volume(*tiers: tuple[int | None, str]) -> Pricing:
    """Volume tiers without flat fees."""
    return Pricing("usd", tiers=tuple(Tier(up_to, Decimal(unit)) for up_to, unit in tiers), mode="volume")


def graduated(*tiers: tuple[int | None, str, str]) -> Pricing:
    """Graduated tiers."""
    found = tuple(Tier(up_to, Decimal(unit), Decimal(flat)) for up_to, unit, flat in tiers)
    return Pricing("usd", tiers=found, mode="graduated")


def one_by_one(old: Pricing, new: Pricing, upto: int) -> list[tuple[int, str]]:
    """Every quantity at which the comparison is another than one unit before."""
    found: list[tuple[int, str]] = []
    before, after = price_list(old, upto), price_list(new, upto)
    for quantity in range(1, upto + 1):
        gap = after[quantity] - before[quantity]
        trend = "dearer" if gap > 0 else "cheaper" if gap < 0 else "same"
        if not found or found[-1][1] != trend:
            found.append((quantity, trend))
    return found


@given(anything, anything, st.integers(1, 260))
def test_stretches_are_those_that_trying_every_quantity_finds(old: Pricing, new: Pricing, upto: int) -> None:
    """No crossing is missed, made up or a unit off, whatever the two models are."""
    found = stretches(old, new, upto, most=10_000)
    assert [(one.first, one.trend) for one in found] == one_by_one(old, new, upto)


@given(packages, packages | tiered())
def test_the_first_crossings_are_found_among_very_many(old: Pricing, new: Pricing) -> None:
    """A bound on the number of crossings keeps the first ones."""
    assert crossings(old, new, 260) == crossings(old, new, HORIZON)[: len(crossings(old, new, 260))]
    assert len(crossings(old, new, HORIZON)) <= MOST


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (flat("1000"), flat("1200"), ()),
        (flat("1000"), volume((50, "1200"), (None, "900")), (Stretch(51, "cheaper"),)),
        (
            flat("1.5"),
            graduated((1000, "0", "0"), (10000, "2", "0"), (None, "1", "500")),
            (
                Stretch(4000, "same"),
                Stretch(4001, "dearer"),
                Stretch(17000, "same"),
                Stretch(17001, "cheaper"),
            ),
        ),
        (flat("1000"), graduated((20, "1000", "0"), (None, "800", "0")), (Stretch(21, "cheaper"),)),
        (  # a million and one units at 0.0001 less outweigh a flat fee of 100
            flat("0.0002"),
            graduated((None, "0.0001", "100")),
            (Stretch(1_000_000, "same"), Stretch(1_000_001, "cheaper")),
        ),
        (flat("1"), flat("999", package=Package(1000, "up")), (Stretch(999, "same"), Stretch(1000, "cheaper"))),
    ],
    ids=["dearer everywhere", "a volume jump", "a free tier and a fee", "discount later", "far away", "one package"],
)
def test_crossings_worked_out_by_hand(old: Pricing, new: Pricing, expected: tuple[Stretch, ...]) -> None:
    """The first crossings are where a person with a pencil finds them."""
    assert crossings(old, new)[: len(expected)] == expected


@pytest.mark.parametrize(("small", "large"), [(2, 999_983), (9_999, 10_000), (2_999, 3_001), (1, 7)])
def test_ten_million_quantities_are_not_tried_one_by_one(small: int, large: int) -> None:
    """Packages of sizes that hardly ever meet are compared without walking through all of them."""
    tried = 0

    class Counted(Pricing):
        """Counts how often it is asked."""

        def cost(self, quantity: int) -> Decimal:
            """The amount, counted."""
            nonlocal tried
            tried += 1
            return super().cost(quantity)

    old = Counted("usd", Decimal(small), package=Package(small, "up"))
    new = Counted("usd", Decimal(large), package=Package(large, "up"))
    found = stretches(old, new, most=4)
    assert found[0] == Stretch(1, "dearer")
    assert tried < 400_000


@given(anything, st.lists(st.integers(0, 400), min_size=50, max_size=50))
def test_a_curve_is_exact_at_every_quantity_on_it(pricing: Pricing, asked: list[int]) -> None:
    """At 50 quantities, the line between two corners is what the quantity costs, exactly; corners are in order."""
    curve = points(pricing, 400)
    assert [quantity for quantity, _ in curve] == sorted({quantity for quantity, _ in curve})
    expected = price_list(pricing, 400)
    for quantity in asked:
        assert _on(curve, quantity) == expected[quantity]


def _on(curve: tuple[tuple[int, Decimal], ...], quantity: int) -> Fraction:
    left, right = next((left, right) for left, right in pairwise(curve) if left[0] <= quantity <= right[0])
    share = Fraction(quantity - left[0], right[0] - left[0])
    return Fraction(left[1]) + share * (Fraction(right[1]) - Fraction(left[1]))


def test_a_quantity_of_nothing_costs_the_first_flat_fee_only() -> None:
    """The flat fees of tiers that nobody has reached are not due."""
    assert graduated((10, "1", "100"), (20, "1", "200"), (None, "1", "400")).cost(0) == 100


@pytest.mark.parametrize(
    ("old", "new", "examples", "expected"),
    [
        (None, flat("10"), (), 10),
        (flat("10"), flat("12"), (1, 100), 100),
        (None, graduated((20, "1", "0"), (None, "2", "0")), (), 30),
        (None, graduated((20, "1", "0"), (None, "2", "0")), (50, 5_000), 50),
        (None, flat("4", package=Package(1000, "up")), (), 8000),
        (None, flat("4", metered=True), (), 1000),
        (flat("10"), volume((50, "12"), (None, "9")), (), 75),
        (flat("10"), graduated((None, "9", "30")), (), 38),
        (None, Pricing("usd", tiers=(Tier(10, Decimal(1)),), mode="volume"), (), 10),
    ],
    ids=["flat", "examples", "tiers", "far example", "packages", "usage", "volume", "crossing at 31", "no last tier"],
)
def test_how_far_a_drawing_goes(old: Pricing | None, new: Pricing, examples: tuple[int, ...], expected: int) -> None:
    """Past the last bound, over some packages, past a crossing that is near, and never past what has a price."""
    assert reach(old, new, examples) == expected


def test_seats_are_drawn_from_the_fewest_to_the_most_that_can_be_bought() -> None:
    """What examples of seats begin and end with is the range; usage begins at nothing, and one quantity is no range."""
    seats, usage = flat("10", per_seat=True), flat("10", metered=True)
    assert span(None, seats, (5, 10, 50)) == (5, 50)
    assert span(None, seats, (1, 10, 50)) == (0, 50)
    assert span(None, seats, (5,)) == (0, 5)
    assert span(None, usage, (5, 10, 5_000)) == (0, 5_000)
    assert [quantity for quantity, _ in points(volume((9, "2"), (None, "1")), 20, begin=5)] == [5, 9, 10, 20]
    assert quantities(None, volume((9, "2"), (None, "1")), 20, 5) == (5, 9, 10, 20)


def test_the_table_beside_a_curve_has_both_sides_of_each_jump() -> None:
    """Ends, the last unit of each tier and the first of the next, and the quantities around crossings."""
    old, new = flat("1000"), volume((50, "1200"), (200, "900"), (None, "700"))
    assert quantities(old, new, 300) == (1, 50, 51, 200, 201, 300)
    assert quantities(None, flat("4", package=Package(1000, "up")), 8000) == (1, 1000, 1001, 8000)


def test_a_drawing_of_very_many_packages_is_thinned_out() -> None:
    """A million packages are drawn as some hundred corners, and begin and end where they did."""
    pricing = flat("3", package=Package(10, "up"))
    curve = points(pricing, 10_000_000, 200)
    assert len(curve) <= 403
    assert (curve[0], curve[-1]) == ((0, Decimal(0)), (10_000_000, Decimal(3_000_000)))
