"""What the command line refuses.

CliError
├── UsageRefused     the command cannot be carried out as it was given
└── OperationFailed  an engine ran and did not succeed; it has said why
"""

from __future__ import annotations


class CliError(Exception):
    """Anything the command line says no to; its text is one sentence for a person."""

    exit_code = 1


class UsageRefused(CliError):  # noqa: N818 - reads as what happened
    """The command cannot be carried out as it was given."""

    @classmethod
    def no_pulumi(cls) -> UsageRefused:
        """The real engine was asked for and is not there."""
        return cls("pulumi is not on PATH: install the Pulumi CLI, or use --engine local")

    @classmethod
    def no_stack(cls, known: list[str]) -> UsageRefused:
        """No stack was named."""
        return cls(f"no stack was named: pass --stack or set BILLING_STACK (this project has {_listed(known)})")

    @classmethod
    def unknown_stack(cls, stack: str, known: list[str]) -> UsageRefused:
        """Neither state nor settings know the stack."""
        return cls(
            f"no stack named {stack!r}: this project has {_listed(known)}; "
            f"a new one begins with its settings, Pulumi.{stack}.yaml"
        )

    @classmethod
    def no_state(cls, stack: str) -> UsageRefused:
        """The stack has settings only."""
        return cls(f"stack {stack} has settings and no state yet: run `billing up --stack {stack}`")

    @classmethod
    def unknown_resources(cls, stack: str, names: list[str]) -> UsageRefused:
        """Nothing in the state has these names."""
        listed = ", ".join(map(repr, names))
        return cls(f"stack {stack} has no resource named {listed}; `billing stack export` shows all there are")

    @classmethod
    def unconfirmed(cls, what: str) -> UsageRefused:
        """There is nobody to ask."""
        return cls(f"{what} needs a yes, and there is no terminal to ask at: pass --yes")

    @classmethod
    def no_key(cls) -> UsageRefused:
        """Nothing says which Stripe account to use."""
        return cls(
            "no Stripe API key: set STRIPE_API_KEY in the environment, "
            "or run `pulumi config set --secret stripe:apiKey`"
        )

    @classmethod
    def destructive(cls, stack: str, steps: list[str]) -> UsageRefused:
        """A live stack would lose something, and its settings do not allow it."""
        listed = "".join(f"\n  {step}" for step in steps)
        return cls(
            f"stack {stack} is live, and this would remove or replace what it has:{listed}\n"
            f"nothing was changed; if that is meant, run `billing config set billing:allowDestructive true "
            f"--stack {stack}` and again"
        )

    @classmethod
    def no_address(cls, base: str) -> UsageRefused:
        """What was given cannot be an address."""
        return cls(f"the base address {base!r} is none: STRIPE_API_BASE looks like http://127.0.0.1:12111")

    @classmethod
    def state_lost(cls, stack: str, account: str, mine: list[str]) -> UsageRefused:
        """The stack knows nothing, and the account knows the stack."""
        shown = ", ".join(mine[:3]) + (", …" if len(mine) > 3 else "")
        return cls(
            f"stack {stack} has no state, but account {account} has {len(mine)} products of it ({shown}): bring its "
            "state back, or find its objects by their marks with "
            f"`billing import --account --mine --imports imports.json --stack {stack}` and take them with "
            f"`billing up --imports imports.json --stack {stack}`; nothing was changed"
        )

    @classmethod
    def no_application(cls, name: str, why: str) -> UsageRefused:
        """Nothing of this name can be used."""
        return cls(f"--app {name} cannot be used ({why}): name a module and its Billing, such as shop.billing:billing")

    @classmethod
    def unreachable(cls, base: str) -> UsageRefused:
        """Nobody answers where requests would go."""
        return cls(f"nothing answers at {base}: start the emulator with `billing emulator`, or mend STRIPE_API_BASE")


class OperationFailed(CliError):  # noqa: N818 - reads as what happened
    """An engine ran and did not succeed; it has said why."""

    @classmethod
    def no_manifest(cls, stack: str) -> OperationFailed:
        """The stack was never provisioned."""
        return cls(f"stack {stack} has no manifest yet: run `billing up --stack {stack}`")


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none yet"
