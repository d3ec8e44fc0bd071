"""A problem with everything that its fix may depend on: the field it is about, and what is written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from billing_resources._engine.currencies import CURRENCIES
from billing_resources._engine.facts import Short
from billing_resources._engine.fields import Field, Shape
from billing_resources._engine.validation import Place
from billing_resources.catalog.mending.fix import Edit, Fix, Span
from billing_resources.catalog.mending.written import Written
from billing_resources.catalog.models import SHAPE

_CODES = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf isk ugx bhd jod kwd omr tnd"
_NOT_IN_HUNDREDTHS = frozenset(_CODES.split())
"""Currencies of which 12.00 is not 1200 beyond doubt. https://docs.stripe.com/currencies#minor-units"""


@dataclass(frozen=True)
class Slip:
    """One problem: where in the catalog, in which text, and at which place of that text."""

    place: Place
    sentence: str
    data: Any
    """What the text says."""
    written: Written
    origin: Place = ()
    """Where the catalog's data begin in the text."""

    @property
    def name(self) -> str:
        """The last step of the place."""
        return str(self.place[-1]) if self.place else ""

    @property
    def value(self) -> Any:
        """What is written at the place; None where nothing is."""
        return _inside(self.data, self._typed_at)

    @property
    def around(self) -> Any:
        """What the place is part of."""
        return _inside(self.data, self.place[:-1])

    @property
    def field(self) -> Field | None:
        """The declaration of the field at the place."""
        shape = _shape(self.place[:-1])
        return shape.by_name.get(self.name) if shape is not None else None

    @property
    def shape(self) -> Shape | None:
        """The declared form of what is at the place."""
        return _shape(self.place)

    @property
    def source(self) -> str:
        """The value as it was typed, quotes and all."""
        span = self.written.values.get((*self.origin, *self._typed_at))
        return self.written.text(span) if span is not None else ""

    @property
    def _typed_at(self) -> Place:
        """The place itself, or the object around it if that is written in its short form: ``recurring: month``."""
        outer = self.place[:-1]
        is_short = self.field is not None and self.field.has(Short) and (*self.origin, *outer) in self.written.values
        return outer if is_short else self.place

    @property
    def in_hundredths(self) -> bool:
        """Whether the amount's currency is known, and its smallest unit is a hundredth."""
        chain = [_inside(self.data, self.place[:length]) for length in range(len(self.place), -1, -1)]
        named = [str(step) for step in self.place if step in CURRENCIES]
        written = [one["currency"] for one in chain if isinstance(one, Mapping) and "currency" in one]
        currency = next(iter([*named, *written]), None)
        return currency in CURRENCIES and currency not in _NOT_IN_HUNDREDTHS

    def value_to(self, text: str, replacement: str) -> Fix:
        """Another value; only in words where the value is not one plain stretch of the text."""
        return self._edited(self.written.values.get((*self.origin, *self._typed_at)), text, replacement)

    def key_to(self, text: str, replacement: str) -> Fix:
        """Another name, unless something of that name is there already."""
        taken = isinstance(self.around, Mapping) and replacement in self.around
        span = None if taken else self.written.keys.get((*self.origin, *self.place))
        return self._edited(span, text, replacement)

    def _edited(self, span: Span | None, text: str, replacement: str) -> Fix:
        if span is None or not self.written.text(span):
            return Fix(text)
        return Fix(text, Edit(span, replacement))


def _inside(data: Any, place: Place) -> Any:
    for step in place:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _shape(place: Place) -> Shape | None:
    shape: Shape | None = SHAPE
    for step in place:
        if shape is None:
            return None
        field = shape.by_name.get(str(step))
        shape = shape.item if isinstance(step, int) else field.shape if field is not None else shape.value
    return shape
