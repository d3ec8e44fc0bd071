"""``[tool.billing.review]`` of pyproject.toml, read strictly: every problem at once, with what was meant.

https://packaging.python.org/en/latest/specifications/pyproject-toml/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from billing_review.judgement.exemptions import read_exemptions
from billing_review.judgement.fields import number
from billing_review.judgement.reading import Reading, nearest
from billing_review.judgement.registry import BY_NAME
from billing_review.judgement.settings import LEVELS, PRICE_INCREASE_PERCENT, JudgementSettings, Level

_LEVELS, _PERCENT, _SUPPRESS = "levels", "price-increase-percent", "suppress"
_BY_WORD: Mapping[str, Level] = {level: level for level in LEVELS}
_NAMES = (_LEVELS, _PERCENT, _SUPPRESS)


def settings_of(table: Mapping[str, Any], source: str) -> JudgementSettings:
    """The settings of a project from the table ``[tool.billing.review]``; ``source`` is the file's name.

    Raises InvalidJudgement with every problem of the table.
    """
    reading = Reading(source)
    settings = JudgementSettings(
        levels=dict(_levels(reading, table.get(_LEVELS, {}))),
        price_increase_percent=_percent(reading, table.get(_PERCENT, PRICE_INCREASE_PERCENT)),
        exemptions=tuple(read_exemptions(reading, table.get(_SUPPRESS, []), (_SUPPRESS,))),
    )
    for name in table:
        if name not in _NAMES:
            reading.refuse((name,), f"is no setting of a review: {nearest(name, _NAMES)}")
    reading.done()
    return settings


def _levels(reading: Reading, written: Any) -> Iterator[tuple[str, Level]]:
    if not isinstance(written, Mapping):
        reading.refuse((_LEVELS,), 'takes a table of rules and levels: {price-increase = "high"}')
        return
    for name, level in written.items():
        known = _BY_WORD.get(level) if isinstance(level, str) else None
        if name not in BY_NAME:
            reading.refuse((_LEVELS, name), f"is no rule of the review: {nearest(name, BY_NAME)}")
        elif known is None:
            reading.refuse((_LEVELS, name), f"takes one of {', '.join(LEVELS)}")
        else:
            yield name, known


def _percent(reading: Reading, written: Any) -> Decimal:
    found = number(written) if not isinstance(written, str) else None
    if found is None or found < 0:
        reading.refuse((_PERCENT,), "takes a number of per cent, 0 or more: 10")
        return PRICE_INCREASE_PERCENT
    return found
