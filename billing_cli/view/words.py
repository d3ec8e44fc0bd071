"""Pulumi's words and signs for what happens to a resource. https://www.pulumi.com/docs/iac/cli/commands/pulumi_up/."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One operation: its sign, its colour, and its words before, at and after it."""

    sign: str
    colour: str
    planned: str
    running: str
    done: str

    @property
    def failed(self) -> str:
        """What is said when it went wrong."""
        return f"{self.running} failed" if self.running else "failed"


# In the order in which Pulumi counts them.
OPERATIONS = {
    "same": Words("", "default", "", "", ""),
    "create": Words("+", "green", "create", "creating", "created"),
    "update": Words("~", "yellow", "update", "updating", "updated"),
    "delete": Words("-", "red", "delete", "deleting", "deleted"),
    "replace": Words("+-", "magenta", "replace", "replacing", "replaced"),
    "create-replacement": Words("++", "green", "create replacement", "creating", "created replacement"),
    "delete-replaced": Words("--", "red", "delete original", "deleting", "deleted original"),
    "read": Words(">", "cyan", "read", "reading", "read"),
    "read-replacement": Words(">>", "magenta", "read for replacement", "reading", "read for replacement"),
    "refresh": Words("~", "yellow", "refresh", "refreshing", "refreshed"),
    "discard": Words("<", "red", "discard", "discarding", "discarded"),
    "discard-replaced": Words("<<", "red", "discard original", "discarding", "discarded original"),
    "remove-pending-replace": Words("~", "default", "", "", ""),
    "import": Words("=", "green", "import", "importing", "imported"),
    "import-replacement": Words("=>", "magenta", "import replacement", "importing", "imported replacement"),
}
READS = frozenset({"read", "read-replacement", "discard"})
REPLACING = frozenset(
    {
        "replace",
        "create-replacement",
        "delete-replaced",
        "read-replacement",
        "discard-replaced",
        "remove-pending-replace",
        "import-replacement",
    }
)
RETAINING = frozenset({"delete", "replace", "create-replacement", "delete-replaced"})
# A refresh changes nothing at Stripe: it tells what happened there.
FOUND_BY_REFRESH = {"update": "changed at Stripe", "delete": "gone at Stripe"}
