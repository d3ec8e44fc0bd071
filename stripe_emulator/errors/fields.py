"""Errors about the fields of a v2 request: all of them in one sentence, named by their path."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.errors import StripeError

UNKNOWN = "Unknown field."
REQUIRED = "This field is required."
EMPTY = "This field must not be empty."
NO_TIME = "Expected a date and time with its offset, as in RFC 3339."


def invalid_fields(problems: Sequence[str]) -> StripeError:
    """Say what is wrong with which field, for every field that is wrong."""
    listed = ", ".join(f"'{problem}'" for problem in problems)
    return StripeError(f"Some fields in the request were invalid: {listed}", code="invalid_fields")


def not_a(kind: str) -> str:
    """Another JSON type than expected."""
    return f"Expected a value of type {kind}."


def not_one_of(value: str, choices: Sequence[str]) -> str:
    """A value that is not in the list."""
    shown = [*choices[:10], "..."] if len(choices) > 10 else choices
    return f"Unrecognized enum value '{value}', valid values are: {', '.join(shown)}."


def too_long(longest: int) -> str:
    """A string beyond its limit."""
    return f"Must be at most {longest} characters."


def too_many(most: int) -> str:
    """An array beyond its limit."""
    return f"Must have at most {most} elements."


def out_of_range(low: int, high: int) -> str:
    """A number outside its limits."""
    return f"Must be between {low} and {high}."


def not_found() -> StripeError:
    """An id that names nothing."""
    return StripeError("The resource wasn't found.", status=404, code="not_found")
