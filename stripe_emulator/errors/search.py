"""Errors about searches. https://docs.stripe.com/search."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def old_version(version: str) -> StripeError:
    """A version from before there was search."""
    text = f"Search is not supported on api version {version}."
    advice = "Update your API version, or set the API Version of this request to 2020-08-27 or greater."
    return StripeError(f"{text} {advice}")


def not_parsed() -> StripeError:
    """A query that is none."""
    text = (
        'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for '
        'metadata or key:"value" to query for other fields.'
    )
    return StripeError(text, param="query")


def mixed() -> StripeError:
    """`AND` and `OR` in one query."""
    text = "We were unable to parse your search query. `AND` and `OR` cannot be combined in one query."
    return StripeError(text, param="query")


def too_many_clauses(limit: int) -> StripeError:
    """More clauses than a query may have."""
    return StripeError(f"A search query can have at most {limit} clauses.", param="query")


def unsupported_field(field: str, resource: str) -> StripeError:
    """A field that cannot be searched for."""
    text = (
        f"Field `{field}` is an unsupported search field for resource `{resource}`. See "
        f"http://stripe.com/docs/search#query-fields-for-{resource.replace('_', '-')} for a list of supported fields."
    )
    return StripeError(text, param="query")


def unsupported_operator(operator: str, field: str) -> StripeError:
    """An operator that a field does not have."""
    return StripeError(f"The operator `{operator}` is not supported for the search field `{field}`.", param="query")


def too_short(shortest: int) -> StripeError:
    """A part of a string that is too short to look for."""
    return StripeError(f"A substring to search for needs at least {shortest} characters.", param="query")


def not_a_number(field: str, value: str) -> StripeError:
    """A word where a number is compared."""
    return StripeError(f"The search field `{field}` is a number, and `{value}` is none.", param="query")


def bad_page(token: str) -> StripeError:
    """A page of another query, or of none."""
    return StripeError(f"Invalid page: {token[:40]}", param="page")
