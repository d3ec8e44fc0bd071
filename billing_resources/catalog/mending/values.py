"""Fixes of single values: what is right of what was typed is kept."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from billing_resources._engine.currencies import CURRENCIES
from billing_resources.catalog.mending.fix import Fix
from billing_resources.catalog.mending.slip import Slip

Row = tuple[str, Callable[[Slip, re.Match[str]], Fix]]
_WHOLE = re.compile(r"[0-9]{1,15}")
_HUNDREDTHS = re.compile(r"([0-9]{1,12})\.([0-9]{2})")
_DIGITS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?")
_TRUE, _FALSE = {"true", "on", "yes", "y", "1"}, {"false", "off", "no", "n", "0"}


def bare(slip: Slip) -> str:
    """The value as it was typed, without quotes."""
    return slip.source.strip("\"'")


def minor_units(slip: Slip, _: re.Match[str]) -> Fix:
    """12.00 where the currency has hundredths is 1200; digits in quotes lose these."""
    typed, hundredths = bare(slip), _HUNDREDTHS.fullmatch(bare(slip))
    if _WHOLE.fullmatch(typed):
        return slip.value_to(f"write {int(typed)}, without quotes", str(int(typed)))
    if hundredths and slip.in_hundredths:
        whole = int(hundredths[1] + hundredths[2])
        return slip.value_to(f"write {whole}: the amount in the currency's smallest unit", str(whole))
    decimal = "" if slip.name == "gte" else f', or {slip.name}_decimal: "0.5" for parts of it'
    return Fix(f"write a whole number of the currency's smallest unit, such as 1200 for 12.00 USD{decimal}")


def decimal_string(slip: Slip, _: re.Match[str]) -> Fix:
    """A decimal keeps its digits and gets quotes."""
    typed = bare(slip)
    if _DIGITS.fullmatch(typed):
        return slip.value_to(f'write "{typed}", in quotes', f'"{typed}"')
    return Fix('write plain digits in quotes, in the currency\'s smallest unit: "0.0015"')


def whole_number(slip: Slip, _: re.Match[str]) -> Fix:
    """2.0 and "2" are 2; anything else is for the writer to say."""
    typed = bare(slip)
    whole = typed.removesuffix(".0") if _WHOLE.fullmatch(typed.removesuffix(".0")) else ""
    if whole:
        return slip.value_to(f"write {int(whole)}", str(int(whole)))
    return Fix(f"write a whole number: {slip.name}: 10")


def number_or_word(slip: Slip, said: re.Match[str]) -> Fix:
    """A whole number, or the one word that may stand for it."""
    word = said["word"]
    near = difflib.get_close_matches(bare(slip).lower(), [word], n=1)
    if near:
        return slip.value_to(f"write {word}", word)
    if bare(slip).removesuffix(".0") != bare(slip) or slip.source.startswith(('"', "'")):
        return whole_number(slip, said)
    return Fix(f"write a whole number, or {word}")


def string(slip: Slip, _: re.Match[str]) -> Fix:
    """A number or a switch becomes a text in quotes."""
    if isinstance(slip.value, bool | int | float) and slip.source:
        return slip.value_to(f'write "{slip.source}", in quotes', f'"{slip.source}"')
    if isinstance(slip.value, list):
        return Fix("write one text here, without brackets and without a dash before it")
    if isinstance(slip.value, Mapping):
        return Fix("write one text here, with nothing below it")
    return Fix(f"write a text after {slip.name}:, or remove the line")


def switch(slip: Slip, _: re.Match[str]) -> Fix:
    """Words for yes and no are true and false."""
    typed = bare(slip).lower()
    if typed in _TRUE | _FALSE:
        right = "true" if typed in _TRUE else "false"
        return slip.value_to(f"write {right}", right)
    return Fix("write true or false")


def one_of(slip: Slip, said: re.Match[str]) -> Fix:
    """The nearest of the words that are taken; a number that is the only one is it."""
    known = re.findall(r"'([^']*)'", said["choices"])
    if not known:
        return slip.value_to(f"write {said['choices']}", said["choices"])
    near = difflib.get_close_matches(bare(slip).lower(), known, n=1)
    if near or len(known) == 1:
        right = (near or known)[0]
        return slip.value_to(f"write {right}", right)
    return Fix(f"write {' or '.join([', '.join(known[:-1]), known[-1]])}")


def listed(slip: Slip, _: re.Match[str]) -> Fix:
    """One thing becomes a list of one."""
    if slip.source:
        return slip.value_to("put it into brackets: a list of one", f"[{slip.source}]")
    return Fix("write a list: one entry in each line, each after a dash")


def with_fields(slip: Slip, _: re.Match[str]) -> Fix:
    """An object is written as its fields."""
    shape = slip.shape
    fields = [field.name for field in shape.fields if field.required] if shape is not None else []
    example = f"{(fields or ['name'])[0]}: …"
    return Fix(f"write its fields below {slip.name or 'it'}, each in its own line and indented, such as {example}")


def lower_case(slip: Slip, said: re.Match[str]) -> Fix:
    """Currency codes are small."""
    return slip.value_to(f"write {said['code']}", said["code"])


def currency(slip: Slip, _: re.Match[str]) -> Fix:
    """A code that is a slip of the pen away, or how codes look."""
    near = sorted(difflib.get_close_matches(bare(slip).lower(), CURRENCIES, n=2, cutoff=0.8))
    meant = f": did you mean {' or '.join(near)}?" if near else ""
    return Fix(f"write the currency's code in lower case, such as usd, eur or gbp{meant}")


def percentage(slip: Slip, _: re.Match[str]) -> Fix:
    """A percentage with decimals gets quotes, and loses its sign."""
    typed = bare(slip).rstrip("% ")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", typed) and Decimal(typed) <= 100:
        right = typed if "." not in typed else f'"{typed}"'
        return slip.value_to(f"write {right}", right)
    return Fix('write a number from 0.01 to 100: 25, or in quotes with up to 4 decimals: "12.5"')


def quoted(slip: Slip, _: re.Match[str]) -> Fix:
    """What YAML takes for a date is a text in quotes."""
    if slip.source and '"' not in slip.source and not slip.source.startswith("!"):
        return slip.value_to(f'write "{slip.source}", in quotes', f'"{slip.source}"')
    return Fix("put the text into quotes and leave out the tag before it")


ROWS: tuple[Row, ...] = (
    (r"is a whole number in minor units", minor_units),
    (r"is a decimal in minor units|takes plain digits only", decimal_string),
    (r"takes a whole number, or must be '(?P<word>\w+)'", number_or_word),
    (r"takes a whole number", whole_number),
    (r"takes a string", string),
    (r"takes true or false", switch),
    (r"takes a list", listed),
    (r"takes an object with named fields", with_fields),
    (r"must be (?P<choices>'.*'|-?\d+)$", one_of),
    (r"is always (?P<choices>'one_time')", one_of),
    (r"is written in lower case: (?P<code>\w+)", lower_case),
    (r"is not a currency that Stripe knows|takes a three-letter currency code", currency),
    (r"is a percentage|must not be above 100", percentage),
    (r"is read as a date", quoted),
)
"""What is said of a value, and its fix."""
