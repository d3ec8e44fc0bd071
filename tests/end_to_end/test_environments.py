"""The path of docs/environments.md, command by command: old subscribers are served at every point of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from billing_runtime import Billing, UnknownName
from tests.end_to_end.conftest import end_language_hosts
from tests.end_to_end.project import ROOT, copy_project, environment
from tests.end_to_end.told import Shell, told_in

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end

PAGE = ROOT / "docs" / "environments.md"
STACKS = ("local", "dev", "staging", "production")
EMULATOR = "billing emulator --port 12111 &"
ADDRESS = "http://127.0.0.1:12111"
IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "shop" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@pytest.fixture
def shell(engine: str, tmp_path: Path, stripe_emulator: EmulatorClient) -> Iterator[Shell]:
    """This repository's project as a repository of its own, with the `billing` command on PATH."""
    directory = tmp_path / "clone"
    copy_project(directory)
    own = environment(directory, stripe_emulator)
    del own["STRIPE_API_KEY"]
    path = os.pathsep.join([str(Path(sys.executable).parent), own["PATH"]])
    shell = Shell(directory, {**own, **IDENTITY, "PATH": path, "BILLING_ENGINE": engine})
    shell("git init --quiet && git add stacks Pulumi.yaml __main__.py && git commit --quiet --message Begin")
    yield shell
    end_language_hosts(directory)


@dataclass
class Application:
    """What one stack's application does with its account, through the manifest that the stack has at the moment."""

    stack: str
    shell: Shell
    store: Path
    seats: int = 3
    paid: dict[str, int] = field(default_factory=dict)
    """Every subscriber, and the amount of a seat when they came."""

    def open(self) -> Billing:
        """The runtime, as the application opens it."""
        environ = {**self.shell.environ, "STRIPE_API_KEY": self.key}
        directory = self.shell.directory
        return Billing.open(stack=self.stack, environ=environ, project_dir=directory, store=f"sqlite:///{self.store}")

    @property
    def key(self) -> str:
        """The key of the stack's account."""
        return self.shell.environ[f"STRIPE_API_KEY_{self.stack.upper()}"]

    def welcome(self) -> None:
        """Somebody new subscribes to what is sold now, if it is."""
        name = f"customer-{len(self.paid) + 1}"
        with self.open() as billing:
            billing.customers.ensure(name, kind="organization")
            try:
                amount = billing.price("team.monthly").unit_amount
            except UnknownName:
                return
            billing.subscribe(name, price="team.monthly", quantity=self.seats)
            self.paid[name] = int(amount or 0)

    def serve(self, stripe_: stripe.StripeClient) -> None:
        """Everybody who ever subscribed has the amount, limits, features of then, and a new member is a new seat."""
        self.seats += 1
        with self.open() as billing:
            for name, amount in self.paid.items():
                [subscription] = billing.subscriptions.of(name)
                [item] = subscription.items
                assert item.terms is not None
                assert item.terms.limits["members"].included == 50
                assert item.terms.features["sso"] == "included"
                assert stripe_.v1.prices.retrieve(item.price_id).unit_amount == amount
                assert billing.seats.sync(name, self.seats).after == self.seats


@pytest.mark.timeout(900)  # a dozen `up`s, one after another
def test_the_path_of_the_page(shell: Shell, stripe_emulator: EmulatorClient, tmp_path: Path) -> None:
    """Each command prints what the page shows; whoever subscribed before any of them is served after it."""
    applications = {stack: Application(stack, shell, tmp_path / f"{stack}.db") for stack in STACKS}
    provisioned: list[str] = []
    for told in told_in(PAGE):
        if told.line == EMULATOR:  # the test has one, empty
            continue
        if told.line.startswith("export "):
            shell.export(told.line.replace(ADDRESS, stripe_emulator.url))
            continue
        told.require_shown(shell(told.line))
        for stack in re.findall(r"billing up --stack (\w+)", told.line):
            provisioned += [stack]
            applications[stack].welcome()
        for stack in dict.fromkeys(provisioned) if "billing up" in told.line else ():
            applications[stack].serve(client(stripe_emulator, applications[stack].key))
    paid = {stack: list(applications[stack].paid.values()) for stack in STACKS}
    assert paid == {"local": [1200, 1400], "dev": [1200, 1400]} | {stack: [1200, 1400, 1400] for stack in STACKS[2:]}
    assert {stack: provisioned.count(stack) for stack in STACKS} == {
        "local": 2,
        "dev": 2,
        "staging": 4,
        "production": 4,
    }


def client(emulator: EmulatorClient, key: str) -> stripe.StripeClient:
    """Stripe's SDK on one account."""
    return stripe.StripeClient(key, base_addresses={"api": emulator.url}, max_network_retries=0)
