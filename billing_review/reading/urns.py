"""Names of resources. https://www.pulumi.com/docs/iac/concepts/resources/names/#urns"""

from __future__ import annotations

from dataclasses import dataclass

OURS = "pulumi-python:dynamic/stripe:"
PLAN = "billing:index:Plan"
STACK = "pulumi:pulumi:Stack"
PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True, slots=True)
class Urn:
    """``urn:pulumi:<stack>::<project>::<types of parents$>type::<name>``."""

    stack: str
    project: str
    type: str
    name: str

    @classmethod
    def of(cls, text: object) -> Urn | None:
        """The URN that a text is, if it is one."""
        parts = text.split("::", maxsplit=3) if isinstance(text, str) else []
        if len(parts) != 4 or not parts[0].startswith("urn:pulumi:"):
            return None
        return cls(parts[0].removeprefix("urn:pulumi:"), parts[1], parts[2].rpartition("$")[2], parts[3])

    @property
    def kind(self) -> str | None:
        """Which of our kinds it is of: Price; None for what others made."""
        return self.type.removeprefix(OURS) if self.type.startswith(OURS) else None

    @property
    def named(self) -> tuple[str, str] | None:
        """One of our objects as its kind and its name in the program."""
        return (self.kind, self.name) if self.kind is not None else None

    @property
    def is_counted(self) -> bool:
        """Whether people would call it a resource: not the stack, not our groups, not a provider."""
        return self.type not in {STACK, PLAN} and not self.type.startswith(PROVIDERS)
