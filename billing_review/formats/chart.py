"""Cost curves as SVG: matplotlib finds ticks and places, and only paths, figures and classes are kept of its drawing.

The colours are the page's, by class, so that they follow its light and dark; nothing from the catalog goes through
matplotlib, and equal curves are equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from io import StringIO
from itertools import zip_longest
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from billing_review.curves import crossings, is_comparable, points
from billing_review.formats.errors import LibraryMissingError
from billing_review.money import decimals
from billing_review.pricing import Pricing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_WIDTH, _HEIGHT = 460, 230  # in points, which are the drawing's units
_JUMPS = 200
_LETTER = 0.0215  # the width of a letter beside the drawing's, where it is drawn largest: on a narrow screen
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn, and what it is called for those who do not see it."""

    name: str
    """Unique in the page."""
    old: Pricing | None
    new: Pricing | None
    begin: int
    upto: int
    title: str
    description: str
    across: str
    """What quantities are quantities of."""
    upwards: str
    """What amounts are amounts of: USD a month."""


def draw(curves: Curves) -> str:
    """The drawing, to be put into a page as it is.

    Raises LibraryMissingError where matplotlib is not installed.
    """
    return _kept(curves, ET.fromstring(_drawn(curves)))  # noqa: S314 - matplotlib wrote it, out of numbers


def _drawn(curves: Curves) -> str:
    try:
        from matplotlib import rc_context, rcdefaults, rcParams
    except ImportError as error:
        raise LibraryMissingError.of("matplotlib", "Drawing cost curves") from error
    into = StringIO()
    with rc_context():
        rcdefaults()  # whatever the machine's own settings say
        rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "billing-review", "path.simplify": False})
        figure, axes = _paper()
        for artist in (*axes.lines, *axes.texts):
            artist.remove()
        axes.set_xlim(curves.begin, curves.upto)
        _draw_lines(axes, curves)
        _draw_crossings(axes, curves)
        axes.relim()
        axes.autoscale_view(scalex=False)
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]), auto=True)
        _write_figures(axes)
        figure.savefig(into, format="svg", metadata=_NO_METADATA)
    return into.getvalue()


@cache
def _paper() -> tuple[Figure, Axes]:
    """Empty axes, which all drawings share: making them takes longer than drawing on them."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
    axes = figure.add_axes((0.13, 0.13, 0.83, 0.73))
    axes.set_frame_on(False)
    axes.tick_params(length=0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(visible=True, axis="y")
    for unused in (*axes.spines.values(), axes.title, axes.xaxis.label, axes.yaxis.label):
        unused.set_visible(False)
    return figure, axes


def _write_figures(axes: Axes) -> None:
    """Write 1,500 or 0.25 beside the ticks of an axis, all with as many decimals as one of them needs."""
    from matplotlib.ticker import FuncFormatter

    for axis, ticks in ((axes.xaxis, axes.get_xticks()), (axes.yaxis, axes.get_yticks())):
        places = max(len(f"{tick:.9f}".rstrip("0").partition(".")[2]) for tick in ticks)
        axis.set_major_formatter(FuncFormatter(lambda tick, _, places=places: f"{tick:,.{places}f}"))


def _draw_lines(axes: Axes, curves: Curves) -> None:
    for name, pricing in (("old", curves.old), ("new", curves.new)):
        if pricing is not None:
            found = points(pricing, curves.upto, _JUMPS, curves.begin)
            amounts = [_major(amount, pricing) for _, amount in found]
            axes.plot([quantity for quantity, _ in found], amounts, gid=name)


def _major(amount: Decimal, pricing: Pricing) -> float:
    return float(amount.scaleb(-decimals(pricing.currency)))


def _draw_crossings(axes: Axes, curves: Curves) -> None:
    """Mark where the new price becomes cheaper, dearer or the same, and say so where there is room."""
    old, new = curves.old, curves.new
    if old is None or new is None or not is_comparable(old, new):
        return
    found, free = crossings(old, new, curves.upto), 0.0
    for one, after in zip_longest(found, found[1:]):
        if one.first < curves.begin:
            continue  # so few cannot be bought
        if one.trend == "same" and after and after.first == one.first + 1:
            continue  # they only touch here, and the next crossing is marked
        axes.plot([one.first], [_major(new.cost(one.first), new)], marker="o", gid="crossing")
        name = f"{'the same' if one.trend == 'same' else one.trend} from {one.first:,}"
        width = len(name) * _LETTER
        share = (one.first - curves.begin) / (curves.upto - curves.begin)
        begin = min(max(0.0, share - width / 2), 1 - width)
        if begin >= free:
            free = begin + width
            axes.axvline(one.first, gid="hair")
            axes.text(begin, 1.03, name, transform=axes.transAxes, gid="named")


def _kept(curves: Curves, drawn: ET.Element) -> str:
    name = curves.name
    labels = {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    svg = ET.Element("svg", {"class": "curves", "viewBox": f"0 0 {_WIDTH} {_HEIGHT}", **labels})
    ET.SubElement(svg, "title", {"id": f"{name}-title"}).text = curves.title
    ET.SubElement(svg, "desc", {"id": f"{name}-desc"}).text = curves.description
    svg.extend(_elements(drawn, ""))
    _note(svg, curves.upwards, "start", 4, 12)
    _note(svg, curves.across, "end", _WIDTH - 4, _HEIGHT - 3)
    return ET.tostring(svg, encoding="unicode").replace(" />", "/>")


def _note(svg: ET.Element, text: str, anchor: str, left: int, top: int) -> None:
    place = {"x": str(left), "y": str(top), "text-anchor": anchor}
    ET.SubElement(svg, "text", {"class": "note", **place}).text = text


def _elements(parent: ET.Element, role: str) -> Iterator[ET.Element]:
    """What is worth keeping below an element of matplotlib's: its place and its class, never its style."""
    for element in parent:
        tag = element.tag.removeprefix(_SVG)
        if tag == "g":
            yield from _elements(element, _role(element.get("id", ""), role))
        elif role and tag == "path":
            yield ET.Element("path", {"class": role, "d": _short(element.get("d", ""))})
        elif role and tag == "use":
            place = {"cx": _short(element.get("x", "")), "cy": _short(element.get("y", ""))}
            yield ET.Element("circle", {"class": role, **place, "r": "4"})
        elif role and tag == "text":
            yield _text(element, role)


def _role(name: str, inherited: str) -> str:
    if name in {"old", "new", "crossing", "hair", "named"}:
        return name
    return "axis" if name.startswith("matplotlib.axis") else inherited


def _text(element: ET.Element, role: str) -> ET.Element:
    anchor = re.search(r"text-anchor: (\w+)", element.get("style", ""))
    place = {"x": _short(element.get("x", "")), "y": _short(element.get("y", ""))}
    kept = ET.Element("text", {"class": role, **place, "text-anchor": anchor[1] if anchor else "start"})
    kept.text = element.text
    return kept


def _short(numbers: str) -> str:
    """The same path with places to a tenth of a point."""
    rounded = re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), 1):g}", numbers)
    return re.sub(r"\s*([MLz])\s*", r"\1", " ".join(rounded.split()))
