"""The errors: one tree, and no secrets in it."""

from __future__ import annotations

import inspect
import pickle

import pytest

from billing_runtime import BillingError, ManifestInvalid, StripeRefused, errors
from billing_runtime.errors.root import without_secrets

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_is_of_the_tree_and_drawn_in_it(kind: type[Exception]) -> None:
    """A user must be able to catch the root, and to read the tree."""
    assert issubclass(kind, BillingError)
    assert f" {kind.__name__} " in f" {errors.__doc__} ".replace("\n", " ")
    assert kind.__doc__


def test_the_tree_is_complete() -> None:
    """What is drawn must be what is exported."""
    assert sorted(kind.__name__ for kind in CLASSES) == sorted(errors.__all__)


@pytest.mark.parametrize("secret", ["sk_test_abc", "rk_live_abc", "whsec_abc", "sk_live_****1234", "pk_test_x"])
def test_no_error_repeats_a_secret(secret: str) -> None:
    """Keys and signing secrets must never reach a log."""
    assert secret not in str(BillingError(f"Invalid API Key provided: {secret}."))
    assert secret not in str(ManifestInvalid("m.json", [f"has {secret}"]))
    assert secret not in StripeRefused("no", detail=f"bad {secret}").detail


@pytest.mark.parametrize("text", ["task_test_plan", "desk_live", "sk", "price_123"])
def test_names_that_only_look_like_keys_are_kept(text: str) -> None:
    """Blotting out must not eat names."""
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "error",
    [
        errors.UnknownName("price", "a", near=["b"], known=["b", "c"]),
        ManifestInvalid("m.json", ["x is wrong"]),
        StripeRefused("no", status=400, code="c", detail="d"),
        errors.NoSeats.of("org_1"),
    ],
)
def test_errors_travel_between_processes(error: BillingError) -> None:
    """A worker's error must arrive in its parent whole: one that cannot be unpickled breaks the pool."""
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(arrived), str(arrived), vars(arrived)) == (type(error), str(error), vars(error))
