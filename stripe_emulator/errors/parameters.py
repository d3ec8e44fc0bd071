"""Errors about the parameters themselves, the same for every operation."""

from __future__ import annotations

from collections.abc import Sequence

from stripe_emulator.errors import StripeError


def unknown(names: Sequence[str]) -> StripeError:
    """A parameter Stripe does not have, or one that cannot be changed any more."""
    plural = "s" if len(names) > 1 else ""
    text = f"Received unknown parameter{plural}: {', '.join(names)}"
    return StripeError(text, code="parameter_unknown", param=names[0])


def too_many(limit: int) -> StripeError:
    """More parameters than any request needs."""
    return StripeError(f"A request can have at most {limit} parameters.")


def missing(name: str) -> StripeError:
    """A required parameter was left out."""
    return StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)


def invalid_object(name: str) -> StripeError:
    """A scalar or an array where a hash belongs."""
    return StripeError("Invalid object", param=name)


def invalid_array(name: str) -> StripeError:
    """A scalar or a hash where an array belongs."""
    return StripeError("Invalid array", param=name)


def invalid_string(name: str) -> StripeError:
    """A hash or an array where a string belongs."""
    return StripeError("Invalid string", param=name)


def invalid_integer(name: str, value: str) -> StripeError:
    """Not a whole number."""
    return StripeError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)


def invalid_non_negative(name: str) -> StripeError:
    """A number below zero where none can be."""
    return StripeError("Invalid non-negative integer", code="parameter_invalid_integer", param=name)


def invalid_positive(name: str) -> StripeError:
    """A number below one where none can be."""
    return StripeError("Invalid positive integer", code="parameter_invalid_integer", param=name)


def invalid_number(name: str, value: str) -> StripeError:
    """Not a number."""
    return StripeError(f"Invalid decimal: {value}", param=name)


def too_many_decimals(name: str, value: str) -> StripeError:
    """More than the 12 places Stripe keeps."""
    return StripeError(f"Invalid decimal: {value}; must contain at most 12 decimal places.", param=name)


def invalid_boolean(name: str, value: str) -> StripeError:
    """Neither true nor false."""
    return StripeError(f"Invalid boolean: {value}", param=name)


def not_one_of(name: str, choices: Sequence[str]) -> StripeError:
    """A value that is not in the list."""
    if len(choices) == 1:
        return StripeError(f"Invalid {name}: must be {choices[0]}", param=name)
    listed = f"{', '.join(choices[:-1])}, or {choices[-1]}" if len(choices) > 2 else " or ".join(choices)
    return StripeError(f"Invalid {name}: must be one of {listed}", param=name)


def cannot_be_unset(name: str) -> StripeError:
    """An empty string for something that must keep a value."""
    text = (
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value."
    )
    return StripeError(text, code="parameter_invalid_empty", param=name)


def too_long(name: str, value: str, longest: int) -> StripeError:
    """A string beyond its limit."""
    shown = f"{value[:7]}...{value[-3:]}"
    return StripeError(f"Invalid string: {shown}; must be at most {longest} characters", param=name)


def exclusive(names: Sequence[str], param: str | None) -> StripeError:
    """Two parameters that exclude each other."""
    return StripeError(f"You may only specify one of these parameters: {', '.join(names)}.", param=param)


def out_of_range(name: str, value: int, low: int, high: int) -> StripeError:
    """A number outside its limits."""
    return StripeError(
        f"This value must be between {low} and {high} (it currently is '{value}').",
        code="parameter_invalid_integer",
        param=name,
    )


def both_cursors() -> StripeError:
    """A list cannot be read in both directions at once."""
    return StripeError("Received both starting_after and ending_before parameters. Please pass in only one.")


def not_expandable(path: str, *, exists: bool, hint: str | None = None) -> StripeError:
    """An expand path that leads nowhere."""
    text = (
        f"This property cannot be expanded ({path})."
        if exists
        else f"This property cannot be expanded because it doesn't exist: {path}."
    )
    return StripeError(f"{text} You may want to try expanding '{hint}' instead." if hint else text)


def expand_too_deep(path: str) -> StripeError:
    """An expand path of more than four levels."""
    return StripeError(f"You cannot expand more than 4 levels of a property. Property: {path}")


def metadata_too_large(what: str, limit: str) -> StripeError:
    """Metadata beyond 50 keys, 40 characters per key or 500 per value."""
    return StripeError(f"Metadata {what} can have at most {limit}.", param="metadata")
