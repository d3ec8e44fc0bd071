"""What the engine remembers of one resource, in the words of the checkpoint file."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from local_engine import urns
from local_engine.values import (
    REFERENCE_MARK,
    SECRET_MARK,
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_TEXT,
    Properties,
    Reference,
    Secret,
    tidy_number,
    written_reference,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cipher(Protocol):
    """What encryption the state needs."""

    def encrypt(self, text: str, /) -> str:
        """Encrypt one text."""
        ...

    def decrypt(self, sealed: str, /) -> str:
        """Decrypt one text."""
        ...


@dataclass(eq=False)
class ResourceState:
    """One resource as it was last seen; compared by identity, since a URN may be there twice."""

    urn: str
    kind: str
    custom: bool = False
    delete: bool = False
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    protect: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] | None = None
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    custom_timeouts: dict[str, float] = field(default_factory=dict)
    import_id: str = ""
    retain_on_delete: bool = False
    created: str = ""
    modified: str = ""
    source_position: str = ""
    ignore_changes: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    _edition: object = field(default=None, init=False, repr=False)
    _text: tuple[object, str] | None = field(default=None, init=False, repr=False)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name != "_text":  # any other change makes the written form stale
            object.__setattr__(self, "_edition", object())

    def text(self, write: Callable[[ResourceState], str]) -> str:
        """Return the written form, made only once; one made while another thread changed something is not kept."""
        edition, kept = self._edition, self._text
        if kept is not None and kept[0] is edition:
            return kept[1]
        text = write(self)
        self._text = (edition, text)
        return text

    @property
    def name(self) -> str:
        """The name the program gave."""
        return urns.name_of(self.urn)

    @property
    def provider_urn(self) -> str:
        """The URN of the provider that serves this resource, or nothing."""
        return urns.split_reference(self.provider)[0] if self.provider else ""

    def links(self) -> Iterator[str]:
        """Yield every URN this resource needs: parent, provider, dependencies."""
        if self.parent:
            yield self.parent
        if self.provider:
            yield self.provider_urn
        yield from self.dependencies
        for names in (self.property_dependencies or {}).values():
            yield from names

    def copied(self, **changes: Any) -> ResourceState:
        """Return a copy with some facts changed."""
        duplicate = copy.copy(self)
        for name, value in changes.items():
            setattr(duplicate, name, value)
        return duplicate


def now() -> str:
    """Return this moment as the checkpoint writes it: without zeros at the end."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").removesuffix(".") + "Z"


# The fields of a resource in the order of the file, each with our name for it.
_FIELDS = (
    ("urn", "urn"),
    ("custom", "custom"),
    ("delete", "delete"),
    ("id", "id"),
    ("type", "kind"),
    ("inputs", "inputs"),
    ("outputs", "outputs"),
    ("parent", "parent"),
    ("protect", "protect"),
    ("external", "external"),
    ("dependencies", "dependencies"),
    ("initErrors", "init_errors"),
    ("provider", "provider"),
    ("propertyDependencies", "property_dependencies"),
    ("pendingReplacement", "pending_replacement"),
    ("additionalSecretOutputs", "additional_secret_outputs"),
    ("customTimeouts", "custom_timeouts"),
    ("importID", "import_id"),
    ("retainOnDelete", "retain_on_delete"),
    ("created", "created"),
    ("modified", "modified"),
    ("sourcePosition", "source_position"),
    ("ignoreChanges", "ignore_changes"),
    ("replaceOnChanges", "replace_on_changes"),
)
_NAMES = {key: name for key, name in _FIELDS}  # noqa: C416 - a mapping of the table above
_ALWAYS = {"urn", "custom", "type"}


def to_json(state: ResourceState, cipher: Cipher | None) -> dict[str, Any]:
    """Return the checkpoint's form; without a cipher secrets are masked, for people to read."""
    found: dict[str, Any] = {}
    for key, name in _FIELDS:
        value = getattr(state, name)
        if not value and key not in _ALWAYS:
            continue
        found[key] = _sealed(value, cipher) if key in {"inputs", "outputs"} else value
    return {**found, **state.extra}


def _sealed(value: Any, cipher: Cipher | None) -> Any:
    if isinstance(value, Secret):
        return _seal(value, cipher)
    if isinstance(value, Reference):
        return _sealed(written_reference(value), cipher)
    if isinstance(value, dict):
        return {key: _sealed(value[key], cipher) for key in sorted(value)}
    if isinstance(value, list):
        return [_sealed(item, cipher) for item in value]
    return UNKNOWN_TEXT if value is UNKNOWN else tidy_number(value)


def _seal(secret: Secret, cipher: Cipher | None) -> Any:
    if cipher is None:
        return "[secret]"
    plain = json.dumps(_sealed(secret.value, cipher), ensure_ascii=False, separators=(",", ":"))
    return {SIGNATURE: SECRET_MARK, "ciphertext": cipher.encrypt(plain)}


def from_json(found: dict[str, Any], cipher: Cipher) -> ResourceState:
    """Read the checkpoint's form; fields unknown to us are kept as they are."""
    known = {_NAMES[key]: value for key, value in found.items() if key in _NAMES and value is not None}
    if "property_dependencies" in known:
        known["property_dependencies"] = {key: names or [] for key, names in known["property_dependencies"].items()}
    for name in ("inputs", "outputs"):
        known[name] = _opened(known.get(name) or {}, cipher)
    return ResourceState(**known, extra={key: value for key, value in found.items() if key not in _NAMES})


def _opened(value: Any, cipher: Cipher) -> Any:
    if isinstance(value, list):
        return [_opened(item, cipher) for item in value]
    if not isinstance(value, dict):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if value.get(SIGNATURE) == REFERENCE_MARK:
        return Reference(value["urn"], _opened(value.get("id"), cipher))
    if value.get(SIGNATURE) != SECRET_MARK:
        return {key: _opened(item, cipher) for key, item in value.items()}
    plain = value["plaintext"] if "plaintext" in value else cipher.decrypt(value["ciphertext"])
    return Secret(_opened(json.loads(plain), cipher))


@dataclass(frozen=True)
class Operation:
    """A change that was begun and not yet known to have ended."""

    kind: str
    resource: ResourceState


@dataclass
class Snapshot:
    """All that is known of a stack, in an order in which everything comes after what it needs."""

    resources: list[ResourceState] = field(default_factory=list)
    pending: list[Operation] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
