"""Property values inside the engine: JSON, plus what is secret and what is not known yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_MARK: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker, not a secret
REFERENCE_MARK: Final = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_REFUSED_MARKS: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "assets",
    "0def7320c3a5731c473e5ecbe6d01bc7": "archives",
}

Properties = dict[str, Any]


class Unknown:
    """A value that only the real run will know."""

    def __repr__(self) -> str:
        return "<unknown>"

    def __deepcopy__(self, memo: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value that must never be shown or stored plainly."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True)
class Reference:
    """Another resource, passed as a value; a component has no id."""

    urn: str
    id: Any = None

    @property
    def plain(self) -> Any:
        """What stands for the resource where references are not understood."""
        return self.urn if self.id is None else self.id


def contains_unknowns(value: Any) -> bool:
    """Tell whether anything inside is not known yet."""
    if isinstance(value, Secret):
        return contains_unknowns(value.value)
    if isinstance(value, Reference):
        return value.id is UNKNOWN
    if isinstance(value, dict):
        return any(contains_unknowns(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknowns(item) for item in value)
    return value is UNKNOWN


def reveal(value: Any) -> Any:
    """Take every secret mark away, at any depth."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def show(value: Any) -> Any:
    """Make plain JSON for people: secrets masked, unknowns as Pulumi writes them."""
    if isinstance(value, Secret):
        return "[secret]"
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Reference):
        return show(written_reference(value))
    if isinstance(value, dict):
        return {key: show(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [show(item) for item in value]
    return tidy_number(value)


def tidy_number(value: Any) -> Any:
    """Write 3.0 as 3: every number is a double on the wire."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


def written_reference(found: Reference) -> dict[str, Any]:
    """Write a reference as the state file has it."""
    identifier = {} if found.id is None else {"id": found.id}
    return {SIGNATURE: REFERENCE_MARK, **identifier, "packageVersion": "", "urn": found.urn}


def refused_kind(value: Mapping[str, Any]) -> str | None:
    """Name the special object this engine cannot carry, if it is one."""
    return _REFUSED_MARKS.get(str(value.get(SIGNATURE)))


def mark_secret_outputs(outputs: Properties, inputs: Properties, additional: list[str]) -> Properties:
    """Mark outputs that the program, or a secret input of the same name, makes secret."""
    secret = {key for key in outputs if key in additional or isinstance(inputs.get(key), Secret)}
    return {
        key: Secret(value) if key in secret and not isinstance(value, Secret) else value
        for key, value in outputs.items()
    }


def annotate_secrets(outputs: Any, like: Any) -> Any:
    """Mark in outputs what was secret at the same place in the inputs, for providers that see no marks."""
    if isinstance(like, Secret):
        return outputs if isinstance(outputs, Secret) else Secret(outputs)
    if isinstance(outputs, dict) and isinstance(like, dict):
        return {key: annotate_secrets(value, like.get(key)) for key, value in outputs.items()}
    if isinstance(outputs, list) and isinstance(like, list) and len(outputs) == len(like):
        return [annotate_secrets(value, other) for value, other in zip(outputs, like, strict=True)]
    return outputs
