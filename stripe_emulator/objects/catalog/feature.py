"""Features, which products entitle to: created, renamed, archived for good.

https://docs.stripe.com/api/entitlements/feature
"""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import entitlements as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.long_lists import listed
from stripe_emulator.routing import Routes

Document = dict[str, Any]

FEATURE = Kind("entitlements.feature", "feat", "feature")
KINDS = [FEATURE]
routes = Routes()


@routes("POST /v1/entitlements/features")
def create(call: Call) -> Document:
    """Create a feature; an archived one's lookup key is free again."""
    params = call.params
    others = (one for one in call.store.all(FEATURE.object) if one["active"])
    if any(one["lookup_key"] == params["lookup_key"] for one in others):
        raise errors.lookup_key_taken(params["lookup_key"])
    metadata = merge_metadata({}, params.get("metadata"))
    fields = {"lookup_key": params["lookup_key"], "name": params["name"], "metadata": metadata}
    return call.create(FEATURE, {"active": True, **fields})


@routes("GET /v1/entitlements/features/{id}")
def retrieve(call: Call) -> Document:
    """Return one feature, archived or not."""
    return call.in_path(FEATURE)


@routes("POST /v1/entitlements/features/{id}")
def update(call: Call) -> Document:
    """Change name and metadata, or archive; an archived feature changes no more."""
    feature = call.in_path(FEATURE)
    if not feature["active"]:
        raise errors.archived()
    if "metadata" in call.params:
        feature["metadata"] = merge_metadata(feature["metadata"], call.params["metadata"])
    plain: Document = {name: call.params[name] for name in ("active", "name") if name in call.params}
    return call.save(FEATURE, {**feature, **plain})


@routes("GET /v1/entitlements/features")
def index(call: Call) -> Document:
    """List features, newest first; without a word about it, those that are not archived."""
    archived = call.params.get("archived", False)
    return listed(call, FEATURE, "lookup_key", also=lambda one: one["active"] is not archived)
