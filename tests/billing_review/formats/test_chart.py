"""Cost curves as they are drawn: held against prices worked out another way, small, safe and the same every time."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from billing_review.curves import span
from billing_review.formats.chart import Curves, draw
from billing_review.pricing import Pricing
from billing_review.report import Costs
from tests.billing_review.formats.reports import (
    GRADUATED,
    HOSTILE,
    NEW_TOKENS,
    PACKAGES,
    SEAT,
    VOLUME,
    YEARLY,
)
from tests.billing_review.prices import price_list

DRAWN = {entry.key: entry.costs[0] for entry in (SEAT, VOLUME, GRADUATED, PACKAGES, YEARLY, NEW_TOKENS)}
SIDES = ("old", "new")
_MAJOR = 100  # minor units in one of usd and eur


def curves(costs: Costs, **more: str) -> Curves:
    """The drawing of a price, as the page asks for it."""
    begin, upto = span(costs.old, costs.new, (example.quantity for example in costs.examples))
    texts = {"title": "Cost", "description": "Cheaper", "across": "seats", "upwards": "USD a month", **more}
    return Curves(name="c", old=costs.old, new=costs.new, begin=begin, upto=upto, **texts)


def across(svg: ET.Element) -> tuple[float, float]:
    """Where the quantity 0 is, and how many points one unit is, read off the figures below the drawing."""
    texts = [text for text in svg.iter("text") if text.get("class") == "axis"]
    lowest = max(float(text.get("y", "0")) for text in texts)
    return _scale([(text, float(text.get("x", "0"))) for text in texts if float(text.get("y", "0")) == lowest])


def upwards(svg: ET.Element) -> tuple[float, float]:
    """Where the amount 0 is, and how many points one of the currency is, read off the lines and their figures."""
    parts = [part for part in svg if part.get("class") == "axis"]
    beside = [(text, path) for path, text in pairwise(parts) if (path.tag, text.tag) == ("path", "text")]
    return _scale([(text, float(path.get("d", "").split()[-1])) for text, path in beside])


def _scale(found: list[tuple[ET.Element, float]]) -> tuple[float, float]:
    (low, begin), (high, end) = ((float((text.text or "").replace(",", "")), at) for text, at in (found[0], found[-1]))
    unit = (end - begin) / (high - low)
    return begin - low * unit, unit


def line(svg: ET.Element, name: str) -> list[tuple[float, float]]:
    """The corners of a drawn curve, in points of the drawing."""
    path = next(path for path in svg.iter("path") if path.get("class") == name)
    pairs = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", path.get("d", ""))
    return [(float(x), float(y)) for x, y in pairs]


@pytest.mark.parametrize(("key", "side"), [(key, side) for key in DRAWN for side in SIDES if getattr(DRAWN[key], side)])
def test_a_drawn_curve_is_the_price(key: str, side: str) -> None:
    """At 50 random quantities, the drawn line is where an independent calculation says, to a fifth of a point.

    A jump is as wide as one unit or a tenth of a point: beside one, either side of it is right.
    """
    asked = curves(DRAWN[key])
    svg = ET.fromstring(draw(asked))  # noqa: S314 - our own drawing
    (left, wide), (nought, high) = across(svg), upwards(svg)
    drawn, expected = line(svg, side), price_list(getattr(asked, side), asked.upto)
    for quantity in random.Random(key + side).choices(range(asked.upto + 1), k=50):  # noqa: S311
        near = [expected[at] for at in beside(quantity, asked.upto, wide)]
        low, top = (nought + float(edge / _MAJOR) * high for edge in (min(near), max(near)))
        assert top - 0.2 <= height(drawn, left + quantity * wide) <= low + 0.2


def beside(quantity: int, upto: int, wide: float) -> list[int]:
    """The quantities that are drawn within a tenth of a point of one, and its neighbours."""
    near = max(1, int(0.15 / wide))
    return [at for at in range(quantity - near, quantity + near + 1) if 0 <= at <= upto]


def height(drawn: list[tuple[float, float]], at: float) -> float:
    """How high a drawn curve is at a place."""
    at = min(max(at, drawn[0][0]), drawn[-1][0])
    (x0, y0), (x1, y1) = next((one, two) for one, two in pairwise(drawn) if one[0] <= at <= two[0] and one[0] < two[0])
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("team.monthly", []),
        ("business.seat", ["cheaper from 51"]),
        ("api.calls", ["dearer from 4,001", "cheaper from 17,001"]),
        ("team.yearly", []),
    ],
)
def test_crossings_are_marked_and_named(key: str, named: list[str]) -> None:
    """Each is a circle on the new curve, with what it is above it; what is not comparable has none."""
    svg = ET.fromstring(draw(curves(DRAWN[key])))  # noqa: S314 - our own drawing
    assert [text.text for text in svg.iter("text") if text.get("class") == "named"] == named
    assert len([circle for circle in svg.iter("circle") if circle.get("class") == "crossing"]) == len(named)


def test_the_mark_of_a_jump_is_where_the_new_price_is_cheaper() -> None:
    """51 seats at 9.00 are 459.00, not the 600.00 that 50 cost."""
    svg = ET.fromstring(draw(curves(DRAWN["business.seat"])))  # noqa: S314 - our own drawing
    (left, wide), (nought, high) = across(svg), upwards(svg)
    circle = next(svg.iter("circle"))
    assert (float(circle.get("cx", "0")) - left) / wide == pytest.approx(51, abs=0.2)
    assert (float(circle.get("cy", "0")) - nought) / high == pytest.approx(459, abs=5)


@pytest.mark.parametrize("key", DRAWN)
def test_a_drawing_is_small_and_always_the_same(key: str) -> None:
    """Below 6 kB each, the same bytes every time, and nothing in it but places, classes and texts."""
    text = draw(curves(DRAWN[key]))
    assert len(text.encode()) < 6_000
    assert text == draw(curves(DRAWN[key]))
    assert not re.search(r"style|xlink|<use|<defs|clip|#[0-9a-f]{6}|<metadata|<\?xml", text)


def test_names_are_texts_in_a_drawing() -> None:
    """What matplotlib or SVG would take for markup is shown as it is."""
    text = draw(curves(DRAWN["business.seat"], title=HOSTILE, description="$x^2$ </desc>", across="<b>", upwards="&"))
    svg = ET.fromstring(text.replace("\x1b", ""))  # noqa: S314 - our own drawing
    assert "<script" not in text
    assert next(svg.iter("desc")).text == "$x^2$ </desc>"
    assert [note.text for note in svg.iter("text") if note.get("class") == "note"] == ["&", "<b>"]
    assert len(list(svg.iter("title"))) == 1


def test_a_calculation_by_hand() -> None:
    """The independent price list itself: 1,000 free, 9,000 at 0.02, the next at 0.01 with 5.00 once."""
    listed = price_list(GRADUATED.costs[0].new or Pricing("usd"), 10_001)
    assert (listed[1000], listed[10_000], listed[10_001]) == (Fraction(0), Fraction(18_000), Fraction(18_501))
