"""The fix of a problem, found by what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from billing_resources._engine.validation import path_text
from billing_resources.catalog.mending import names, rules, values
from billing_resources.catalog.mending.fix import Fix
from billing_resources.catalog.mending.slip import Slip

UNKNOWN = Fix("see docs/catalog.md for what stands here")
_INFINITY = 'must be "inf": the last tier has no end'


def fix_of(slip: Slip) -> Fix:
    """What to write instead; the first that applies, and there always is one."""
    return next(_found(slip))


def _found(slip: Slip) -> Iterator[Fix]:
    yield from _of_its_place(slip)
    for pattern, made in (*names.ROWS, *values.ROWS):
        said = re.match(pattern, slip.sentence)
        if said is not None:
            yield made(slip, said)
    for pattern, text in rules.TEXTS:
        said = re.match(pattern, slip.sentence)
        if said is not None:
            yield Fix(text.format(name=slip.name, **{key: value or "" for key, value in said.groupdict().items()}))
    yield UNKNOWN


def _of_its_place(slip: Slip) -> Iterator[Fix]:
    todays = names.todays_spelling(slip)
    if todays is not None:
        yield todays
    if slip.sentence == "is required":
        yield Fix(f"add {slip.name}: … {f'to {path_text(slip.place[:-1])}' if slip.place[:-1] else 'at the top'}")
    if slip.place[-2:-1] == ("enabled_events",) and "event" not in slip.sentence:  # quoted, it would be no event still
        yield Fix("write the name of an event, such as invoice.paid")
    if slip.sentence == _INFINITY:
        yield slip.value_to("write inf", "inf")
