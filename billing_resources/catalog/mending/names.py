"""Fixes of names: the nearest that there is."""

from __future__ import annotations

import re
from collections.abc import Callable

from billing_resources._engine.validation import TODAY
from billing_resources.catalog.mending.fix import Fix
from billing_resources.catalog.mending.slip import Slip
from billing_resources.catalog.names import is_key

Row = tuple[str, Callable[[Slip, re.Match[str]], Fix]]
_SECTIONS = {"meter": "meters", "product": "plans or products", "price": "prices of a plan or product"}
_SECTIONS |= {"feature": "features", "coupon": "coupons"}
_RENAMED = {
    "nick_name": "nickname",
    "trial_period_days": "trial_days",
    "usage_threshold_config": "usage_threshold",
    "transform_usage": "transform_quantity",
}
"""Those of TODAY that are the same value under another name."""


def nearest_field(slip: Slip, said: re.Match[str]) -> Fix:
    """A field that is a slip of the pen away."""
    return slip.key_to(f"write {said['near']}: instead of {slip.name}:", said["near"])


def no_such_field(slip: Slip, said: re.Match[str]) -> Fix:
    """Nothing like it is known."""
    return Fix(f"remove {slip.name}, or write one of {said['known']}")


def todays_spelling(slip: Slip) -> Fix | None:
    """What old guides teach, under its name of today; what is gone is removed."""
    if TODAY.get(slip.name) != slip.sentence:
        return None
    if slip.name in _RENAMED:
        new = _RENAMED[slip.name]
        return slip.key_to(f"write {new}: instead of {slip.name}:", new)
    return Fix(f"remove {slip.name}: it {slip.sentence}")


def nearest_entry(slip: Slip, said: re.Match[str]) -> Fix:
    """An entry of the catalog that is a slip of the pen away."""
    names = said["near"].split(" or ")
    text = f"write {said['near']}, or declare it under {_SECTIONS.get(said['kind'], 'the catalog')}"
    return slip.value_to(text, names[0]) if len(names) == 1 else Fix(text)


def some_entry(_: Slip, said: re.Match[str]) -> Fix:
    """None is near: those that there are, or a new one."""
    section = _SECTIONS.get(said["kind"], "the catalog")
    known = said["rest"].removeprefix("there are ")
    if known == "none":
        return Fix(f"declare it under {section}, or remove this line")
    return Fix(f"write one of {known}, or declare it under {section}")


def nearest_event(_: Slip, said: re.Match[str]) -> Fix:
    """Which of Stripe's events is meant is the writer's to say: their names are all alike."""
    return Fix(f"write {said['near']}, or add allow_unknown_events: true")


def idle_removal(slip: Slip, said: re.Match[str]) -> Fix:
    """A removal of what is not there."""
    rest = said["rest"]
    near = re.fullmatch(r"did you mean (\S+)\?", rest)
    if near:
        return slip.key_to(f"write {near[1]}: null, or remove the line", near[1])
    known = rest.removeprefix("there are ").removeprefix("did you mean ").rstrip("?")
    return Fix("remove the line" if known == "none" else f"remove the line, or name one of {known}")


def proper_name(slip: Slip, _: re.Match[str]) -> Fix:
    """Letters, digits, - and _ of what was written."""
    right = re.sub(r"^[^A-Za-z]+", "", re.sub(r"[^A-Za-z0-9_-]+", "-", slip.name)).strip("-")[:64]
    if not is_key(right):
        return Fix("write a name of up to 64 letters, digits, - and _ that begins with a letter")
    return slip.key_to(f"write {right}: instead", right)


def key_in_quotes(slip: Slip, _: re.Match[str]) -> Fix:
    """A key that YAML takes for a number."""
    return slip.key_to(f'write "{slip.name}": with quotes', f'"{slip.name}"')


def written_once(_: Slip, said: re.Match[str]) -> Fix:
    """Which of the two is kept is the writer's to say."""
    before = f", or the one in line {said['line']}" if said["line"] else ", or the other one"
    return Fix(f"remove this {said['key']}{before}")


ROWS: tuple[Row, ...] = (
    (r"is not a field of .*: did you mean (?P<near>\w+)\?", nearest_field),
    (r"is not a field of .*; known fields are (?P<known>.+)", no_such_field),
    (r"names no (?P<kind>\w+) of this catalog: did you mean (?P<near>.+)\?", nearest_entry),
    (r"names no (?P<kind>\w+) of this catalog: (?P<rest>.+)", some_entry),
    (r"is no event that this version knows: did you mean (?P<near>.+)\? ", nearest_event),
    (r"removes what is not there: (?P<rest>.+)", idle_removal),
    (r"is not a name: ", proper_name),
    (r"is no name: ", key_in_quotes),
    (r"(?P<key>.+) is written twice here(, first in line (?P<line>\d+))?", written_once),
)
"""What is said of a name, and its fix."""
