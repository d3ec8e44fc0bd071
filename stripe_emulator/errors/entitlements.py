"""Errors about features and what they are attached to."""

from __future__ import annotations

from stripe_emulator.errors import StripeError


def lookup_key_taken(lookup_key: str) -> StripeError:
    """One active feature per lookup key."""
    text = f"An active feature with lookup_key `{lookup_key}` already exists."
    return StripeError(text, code="resource_already_exists", param="lookup_key")


def archived() -> StripeError:
    """What was archived stays as it is for good."""
    return StripeError("This feature is archived: archived features cannot be edited or unarchived.")


def inactive_feature(feature: str) -> StripeError:
    """Archived features are attached to no further product."""
    text = f"The feature `{feature}` is inactive. Only active features can be attached to a product."
    return StripeError(text, param="entitlement_feature")


def attached_already(feature: str, product: str) -> StripeError:
    """A product has a feature once."""
    text = f"The feature `{feature}` is already attached to the product `{product}`."
    return StripeError(text, code="resource_already_exists", param="entitlement_feature")


def too_many(limit: int) -> StripeError:
    """A product has so many features at most."""
    return StripeError(f"You can attach at most {limit} features to a product.", param="entitlement_feature")
