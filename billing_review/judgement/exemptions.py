"""Suppressions as people write them, in the catalog or in pyproject.toml: with a reason and a last day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from billing_review.judgement.fields import part
from billing_review.judgement.reading import Place, Reading, Spots, nearest
from billing_review.judgement.registry import BY_NAME
from billing_review.judgement.settings import Exemption

_NAMES = ("rule", "on", "reason", "until")
_OF_CATALOGS = (*_NAMES, "removed")


def suppressions_of(
    catalog_data: Mapping[str, Any], source: str = "the catalog", spots: Spots | None = None
) -> tuple[Exemption, ...]:
    """The suppressions of a catalog's section ``review``; with ``spots``, each knows its line.

    Raises InvalidJudgement with every problem, such as rules that nobody knows.
    """
    reading = Reading(source, spots or {})
    written = part(catalog_data, "review").get("suppress") or []
    found = tuple(read_exemptions(reading, written, ("review", "suppress"), _OF_CATALOGS))
    reading.done()
    return found


def read_exemptions(
    reading: Reading, written: Any, place: Place, names: tuple[str, ...] = _NAMES
) -> Iterator[Exemption]:
    """Each suppression that can be read; what is wrong with the others is noted."""
    if not isinstance(written, list):
        reading.refuse(place, "takes a list of suppressions, each with rule, reason and until")
        return
    for index, one in enumerate(written):
        found = _exemption(reading, one, (*place, index), names)
        if found is not None:
            yield found


def _exemption(reading: Reading, one: Any, place: Place, names: tuple[str, ...]) -> Exemption | None:
    if not isinstance(one, Mapping):
        reading.refuse(place, "takes rule, reason and until, and on which object")
        return None
    for name in one:
        if name not in names:
            reading.refuse((*place, str(name)), f"is no part of a suppression: {nearest(str(name), names)}")
    rule, reason, until = _rule(reading, one, place), _reason(reading, one, place), _until(reading, one, place)
    on = one.get("on")
    if on is not None and not isinstance(on, str):
        reading.refuse((*place, "on"), "takes the name of an object, such as team.monthly")
    if rule is None or reason is None or until is None:
        return None
    return Exemption(rule, reason, until, on if isinstance(on, str) else None, reading.where(place))


def _rule(reading: Reading, one: Mapping[str, Any], place: Place) -> str | None:
    rule = one.get("rule")
    if isinstance(rule, str) and rule in BY_NAME:
        return rule
    said = "is required" if rule is None else f"is no rule of the review: {nearest(str(rule), BY_NAME)}"
    reading.refuse((*place, "rule"), said)
    return None


def _reason(reading: Reading, one: Mapping[str, Any], place: Place) -> str | None:
    reason = one.get("reason")
    if isinstance(reason, str) and reason.strip():
        return reason.strip()
    reading.refuse((*place, "reason"), "is required: a sentence that says why the finding is no problem")
    return None


def _until(reading: Reading, one: Mapping[str, Any], place: Place) -> date | None:
    until = one.get("until")
    if isinstance(until, date) and not isinstance(until, datetime):
        return until
    try:
        found = date.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        found = None
    if found is not None and found.isoformat() == until:  # other forms of ISO 8601 are guesses
        return found
    reading.refuse((*place, "until"), "takes a date, the last day on which it holds: 2027-01-31")
    return None
