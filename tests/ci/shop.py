"""A repository with a new project in it, provisioned in dev, and a change on top of that."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import stripe

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

WRITE, READ = "sk_test_{stack}", "rk_test_{stack}_review"
"""Keys of a stack's account: each stack has an account of its own at the emulator."""
MAY_READ = ("account", "products", "prices", "subscriptions", "checkout/sessions")
"""What docs/ci.md says that the key for reviews needs."""


@dataclass
class Shop:
    """The repository, and where its state is."""

    folder: Path
    emulator: EmulatorClient
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def repository(self) -> Path:
        """The working tree in which changes are made."""
        return self.folder / "shop"

    @property
    def state(self) -> str:
        """The state backend of all stacks."""
        (self.folder / "state").mkdir(exist_ok=True)
        return (self.folder / "state").as_uri()

    def begin(self, *options: str) -> None:
        """Make the project and commit it; production is a test account here, for a live key goes to Stripe only."""
        nothing = {
            name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "STRIPE_", "BILLING_"))
        }
        git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        self.environ = {**nothing, **git, "HOME": str(self.folder), "STRIPE_API_BASE": self.emulator.url}
        self.environ |= {"BILLING_ENGINE": "local", "PULUMI_SKIP_UPDATE_CHECK": "true"}
        self.run("init", str(self.repository), *options, cwd=self.folder)
        production = self.repository / "stacks" / "Pulumi.production.yaml"
        production.write_text("config:\n  stripe:mode: test\n", encoding="utf-8")
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("A shop")

    def commit(self, message: str) -> str:
        """Commit everything; answers the commit."""
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        self.git("add", "--all")
        self.git(*who, "commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments: str) -> str:
        """Run git in the repository."""
        line = ["git", *arguments]
        done = subprocess.run(line, cwd=self.repository, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def change(self, before: str, after: str) -> None:
        """Change the catalog."""
        path = self.repository / "stacks" / "catalog.yaml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def run(self, *arguments: str, cwd: Path | None = None, more: dict[str, str] | None = None) -> str:
        """Run `billing`, with further variables."""
        done = subprocess.run(
            [sys.executable, "-m", "billing_cli", *arguments],
            cwd=cwd or self.repository,
            env={**self.environ, **(more or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def secrets(self, stack: str) -> dict[str, str]:
        """What CI keeps for a stack; the key for reviews only reads."""
        self.emulator.restrict(READ.format(stack=stack), dict.fromkeys(MAY_READ, "read"))
        return {
            "STRIPE_API_KEY": WRITE.format(stack=stack),
            "STRIPE_READ_KEY": READ.format(stack=stack),
            "PULUMI_BACKEND_URL": self.state,
            "PULUMI_CONFIG_PASSPHRASE": f"passphrase of {stack}",
        }

    def provision(self, stack: str) -> None:
        """Bring the stack up from this machine."""
        known = self.secrets(stack)
        known.pop("STRIPE_READ_KEY")
        self.run("up", "--stack", stack, "--yes", more=known)

    def client(self, stack: str) -> stripe.StripeClient:
        """Stripe's own client in the stack's account."""
        key = WRITE.format(stack=stack)
        return stripe.StripeClient(key, base_addresses={"api": self.emulator.url}, max_network_retries=0)

    def subscribe(self, stack: str, seats: int) -> None:
        """Let somebody be on the monthly price."""
        client = self.client(stack)
        price = client.v1.prices.list({"lookup_keys": ["team_monthly"]}).data[0]
        customer = client.v1.customers.create({"email": "ada@example.com"})
        client.v1.subscriptions.create(
            {
                "customer": customer.id,
                "items": [{"price": price.id, "quantity": seats}],
                "trial_period_days": 14,
            }
        )
