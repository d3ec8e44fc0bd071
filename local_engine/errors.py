"""Everything that stops an operation, one clear sentence each.

EngineError
├── ProjectError      Pulumi.yaml, or a stack's config file, cannot be used
├── BackendError      the place that keeps the state cannot be used
├── StackError        the stack is unknown, exists already, or still has resources
├── LockedError       another operation works on this stack
├── StateError        the state file is broken, too new, or was edited
├── PassphraseError   the passphrase is missing or wrong
├── HostError         the provider host did not start, died, or refused
├── ProgramError      the program did not start
├── ImportRefusedError what is to be imported is not told well enough
├── StepError         the provider refused one resource
│   └── ProtectedError    the resource is protected; nothing was done
└── UnsupportedError  only the Pulumi CLI can do this
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class EngineError(Exception):
    """An operation cannot go on; the message is one sentence for the user."""

    exit_code = 1


class ProjectError(EngineError):
    """Pulumi.yaml, or a stack's config file, cannot be used."""


class BackendError(EngineError):
    """The place that keeps the state cannot be used."""


class StackError(EngineError):
    """The stack is unknown, exists already, or still has resources."""

    @classmethod
    def unknown(cls, stack: str, known: Sequence[str]) -> StackError:
        """Name the stack that is missing, and those that exist."""
        others = f"; the stacks of this project are {', '.join(known)}" if known else ""
        return cls(f"no stack named '{stack}' found{others}. Create it with `stack init {stack}`.")

    @classmethod
    def exists(cls, stack: str) -> StackError:
        """Refuse to make a stack twice."""
        return cls(f"stack '{stack}' already exists.")

    @classmethod
    def not_empty(cls, stack: str) -> StackError:
        """Refuse to forget resources that still exist."""
        return cls(f"'{stack}' still has resources; removal rejected. Run destroy first, or force the removal.")


class LockedError(EngineError):
    """Another operation works on this stack."""


class StateError(EngineError):
    """The state file is broken, too new, or was edited."""


class PassphraseError(EngineError):
    """The passphrase is missing or wrong."""

    @classmethod
    def missing(cls) -> PassphraseError:
        """Say where a passphrase comes from."""
        return cls(
            "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment "
            "variables."
        )

    @classmethod
    def wrong(cls) -> PassphraseError:
        """Say that the passphrase does not open this stack."""
        return cls("incorrect passphrase: it does not open the secrets of this stack.")


class HostError(EngineError):
    """The provider host did not start, died, or refused."""


class ProgramError(EngineError):
    """The program did not start."""


class ImportRefusedError(EngineError):
    """What is to be imported is not told well enough; nothing was begun."""


class StepError(EngineError):
    """The provider refused one resource."""


class ProtectedError(StepError):
    """The resource is protected; nothing was done, so everything else may go on."""


class UnsupportedError(EngineError):
    """Only the Pulumi CLI can do this."""

    @classmethod
    def by_local_engine(cls, what: str) -> UnsupportedError:
        """Name what is missing here, and who has it."""
        return cls(f"the local engine does not support {what}; use the Pulumi CLI (`--engine pulumi`) for it.")
