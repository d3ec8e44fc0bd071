"""What kind of JSON each field of a resource in the state file is; fields unknown to us are not judged."""

from __future__ import annotations

from typing import Any, Final

_TEXTS: Final = (
    *("urn", "type", "id", "parent", "provider", "importID", "created", "modified", "sourcePosition"),
    *("deletedWith", "viewOf"),
)
_TRUTHS: Final = ("custom", "delete", "protect", "external", "pendingReplacement", "retainOnDelete")
_MAPS: Final = ("inputs", "outputs", "customTimeouts")
_LISTS: Final = (
    *("dependencies", "initErrors", "additionalSecretOutputs", "ignoreChanges", "replaceOnChanges"),
    *("aliases", "replaceWith"),
)


def is_resource(found: Any) -> bool:
    """Tell whether this is a resource as Pulumi writes it; null stands for what is absent."""
    if not isinstance(found, dict) or not _is_urn(found.get("urn")) or not found.get("type"):
        return False
    return (
        all(_is(found, name, str) for name in _TEXTS)
        and all(_is(found, name, bool) for name in _TRUTHS)
        and all(_is(found, name, dict) for name in _MAPS)
        and all(_is_list_of_texts(found.get(name)) for name in _LISTS)
        and _is(found, "propertyDependencies", dict)
        and all(_is_list_of_texts(names) for names in (found.get("propertyDependencies") or {}).values())
    )


def is_operation(found: Any) -> bool:
    """Tell whether this is a pending operation as Pulumi writes it."""
    return isinstance(found, dict) and isinstance(found.get("type"), str) and is_resource(found.get("resource"))


def _is_urn(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("urn:") and value.count("::") >= 3


def _is(found: dict[str, Any], name: str, kind: type) -> bool:
    return isinstance(found.get(name), kind | None)


def _is_list_of_texts(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value))
