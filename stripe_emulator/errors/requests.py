"""Errors about the request as a whole: its key, its address, its idempotency key, its target."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def _masked(key: str) -> str:
    """Show what Stripe shows of a key: its kind and its last four characters."""
    kind = "_".join(key.split("_")[:2]) if key.count("_") >= 2 else key[:3]
    return f"{kind}_{'*' * 4}{key[-4:]}" if len(key) > 12 else "*" * len(key)


def no_key() -> StripeError:
    """No Authorization header."""
    text = (
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer "
        "auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for "
        "details, or we can help at https://support.stripe.com/."
    )
    return StripeError(text, status=401)


def bad_key(key: str) -> StripeError:
    """A key of no known shape."""
    return StripeError(f"Invalid API Key provided: {_masked(key)}", status=401)


def expired_key(key: str) -> StripeError:
    """A key that has expired."""
    return StripeError(f"Expired API Key provided: {_masked(key)}", status=401, code="api_key_expired")


def other_account(account: str) -> StripeError:
    """A Stripe-Account header that names an account the key cannot reach."""
    text = (
        f"The provided key does not have access to account '{account}' (or that account does not exist). "
        "Application access may have been revoked."
    )
    return StripeError(text, status=403, code="account_invalid")


def organization_needs(header: str) -> StripeError:
    """An organization's key says neither which account is meant nor which version it speaks."""
    text = f"Requests with an organization API key must include the `{header}` header."
    return StripeError(text)


def not_permitted(key: str, account: str, permission: str) -> StripeError:
    """A restricted key that lacks a permission."""
    masked = "_".join([*key.split("_")[:2], "***"])
    text = (
        f"The provided key '{masked}' does not have the required permissions for this endpoint on account '{account}'. "
        f"Having the '{permission}' permission would allow this request to continue."
    )
    return StripeError(text, status=403)


def bad_version(version: str) -> StripeError:
    """A Stripe-Version header that names no version."""
    return StripeError(f"Invalid Stripe API version: {version}")


def unrecognized_url(method: str, path: str) -> StripeError:
    """A route that does not exist, such as DELETE on a price."""
    text = (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    return StripeError(text, status=404)


def not_a_form() -> StripeError:
    """A POST body of another content type."""
    text = (
        "Invalid request (check that your POST content type is application/x-www-form-urlencoded). "
        "If you have questions, we can help at https://support.stripe.com/."
    )
    return StripeError(text)


def not_json() -> StripeError:
    """A body in the v2 namespace that is no JSON object."""
    return StripeError("The request body must be a JSON object, sent with the content type application/json.")


def no_version() -> StripeError:
    """The v2 namespace knows no version of an account's own."""
    return StripeError("The `Stripe-Version` header is required for every request to the v2 namespace.")


def body_too_large() -> StripeError:
    """A POST body beyond any sense."""
    return StripeError("The request body is too large.", status=413)


def no_such(noun: str, identifier: str, *, param: str, status: int, other_mode: str | None = None) -> StripeError:
    """An id that names nothing: 404 in the path, 400 in a parameter."""
    text = f"No such {noun}: '{identifier}'"
    if other_mode:
        mine = "test" if other_mode == "live" else "live"
        text += f"; a similar object exists in {other_mode} mode, but a {mine} mode key was used to make this request."
    return StripeError(text, status=status, code="resource_missing", param=param)


def other_parameters(key: str) -> StripeError:
    """An idempotency key used again with different parameters."""
    text = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return StripeError(text, kind="idempotency_error")


def other_endpoint(key: str, first: str, now: str) -> StripeError:
    """An idempotency key used again at another address."""
    text = (
        f"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{now}' vs "
        f"'{first}'). Try using a key other than '{key}' if you meant to execute a different request."
    )
    return StripeError(text, kind="idempotency_error")


def other_request() -> StripeError:
    """A v2 idempotency key used again for something else."""
    text = "An idempotent retry occurred with different request parameters."
    return StripeError(text, status=409, code="idempotency_error", kind="idempotency_error")


def key_in_use(key: str) -> StripeError:
    """Two requests with one idempotency key at the same time."""
    text = (
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
        f"twice, and the other request is still going through): {key}. Please try again later."
    )
    return StripeError(text, status=409, code="idempotency_key_in_use")


def key_too_long() -> StripeError:
    """An idempotency key of more than 255 characters."""
    return StripeError("Idempotency keys can be at most 255 characters long.")


def unexpected() -> StripeError:
    """The emulator itself failed."""
    text = "An unknown error occurred inside the Stripe emulator; its log has the details."
    return StripeError(text, status=500, kind="api_error")


def malformed() -> StripeError:
    """Bytes that are no HTTP request, or break off in the middle of one."""
    return StripeError("The request is no well-formed HTTP request.")


def not_written() -> StripeError:
    """The emulator cannot write its data file."""
    text = "The Stripe emulator cannot write its data file; its log has the reason."
    return StripeError(text, status=500, kind="api_error")


def not_emulated(name: str) -> StripeError:
    """Stripe would do something here that the emulator does not; silence would be a lie."""
    return StripeError(f"The Stripe emulator does not support `{name}` here yet; Stripe itself does.", param=name)
