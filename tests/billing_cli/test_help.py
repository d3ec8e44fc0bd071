"""What the command says of itself, and of a line it does not understand."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.billing_cli.conftest import Billing

COMMANDS = {
    "init": "Make a new project",
    "catalog": "Read the catalog without reading YAML",
    "check": "Check the catalog",
    "preview": "Show what `up` would do",
    "review": "Say what a change does to prices, customers and money",
    "up": "Make Stripe equal to the catalog",
    "refresh": "Make the state equal to Stripe",
    "destroy": "Delete, archive or deactivate",
    "import": "Bring objects that exist at Stripe",
    "cancel": "Unlock a stack",
    "stack": "Make, list, show, move and forget stacks",
    "config": "Read and change a stack's settings",
    "manifest": "Print the manifest",
    "parity": "Tell whether STACKS",
    "migrate": "Move subscriptions from a price to its successor",
    "doctor": "Look at manifest, key, mode, account, store, webhook endpoints",
    "export": "Print everything that is kept about an entity",
    "delete": "Remove everything that is kept about an entity",
    "worker": "Work on the inbox, reconcile every six hours",
    "sync": "Ask Stripe about ENTITY",
    "inbox": "Look at webhooks that came in",
    "usage": "Look at what entities have used",
    "credits": "Look at the credits of entities",
    "emulator": "Run the emulated Stripe",
}
OPTIONS = {
    "init": {"--name", "--currency", "--ci", "--force", "--json"},
    "catalog": set(),
    "check": {"--stack", "--format", "--json", "--cwd"},
    "preview": {"--stack", "--engine", "--parallel", "--json", "--cwd", "--config-file", "--refresh", "--diff"},
    "review": {"--plan", "--base", "--head", "--format", "--out", "--fail-on", "--count", "--no-count", "--stack"},
    "up": {"--stack", "--engine", "--parallel", "--json", "--cwd", "--config-file", "--refresh", "--yes"},
    "refresh": {"--stack", "--engine", "--parallel", "--json", "--cwd", "--config-file", "--yes"},
    "destroy": {"--stack", "--engine", "--parallel", "--json", "--cwd", "--config-file", "--yes"},
    "import": {
        "--stack",
        "--engine",
        "--json",
        "--cwd",
        "--file",
        "--protect",
        "--no-protect",
        "--preview-only",
        "--yes",
    },
    "cancel": {"--stack", "--engine", "--json", "--cwd", "--yes"},
    "stack": set(),
    "config": set(),
    "manifest": {"--stack", "--engine", "--cwd", "--config-file", "--from-catalog"},
    "parity": {"--manifest", "--from-catalog", "--accounts", "--against-first", "--engine", "--json", "--cwd"},
    "migrate": {"--from", "--to", "--run", "--resume", "--undo", "--proration", "--stack", "--json", "--yes", "--live"},
    "emulator": {"--port", "--host", "--data", "--clock", "--deterministic-ids", "--record", "--forward"},
    "worker": {"--app", "--threads", "--once", "--stack", "--manifest", "--store", "--json"},
    "sync": {"--all", "--stack", "--manifest", "--store", "--json"},
    "inbox": set(),
    "usage": set(),
    "credits": set(),
    "doctor": {"--stack", "--engine", "--cwd", "--config-file", "--manifest", "--store", "--json"},
    "export": {"--entity", "--stack", "--engine", "--cwd", "--config-file", "--manifest", "--store", "--json"},
    "delete": {"--entity", "--cancel-subscriptions", "--yes", "--stack", "--manifest", "--store", "--json"},
}


def test_every_command_is_listed(billing: Billing) -> None:
    """`billing --help` names all commands, each with its purpose."""
    said = billing("--help").stdout
    assert re.findall(r"^  (\w+)  +[A-Z]", said, re.MULTILINE) == sorted(COMMANDS)


def test_the_exit_codes_are_told(billing: Billing) -> None:
    """Each on a line of its own."""
    said = billing("--help").stdout
    assert re.findall(r"^ +(\d+)  +\w", said, re.MULTILINE) == ["0", "1", "2", "3", "7", "8", "130"]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_explains_itself(billing: Billing, command: str) -> None:
    """`--help` says what the command is for and which options it takes."""
    done = billing(command, "--help")
    assert done.returncode == 0
    assert COMMANDS[command] in done.stdout
    assert set(re.findall(r"--[a-z-]+", done.stdout)) >= OPTIONS[command]


def test_the_version(billing: Billing) -> None:
    """`--version` is the distribution's."""
    assert billing("--version").stdout.strip() == f"billing, version {version('billing-resources')}"


def test_without_its_extra_it_says_what_to_install() -> None:
    """The base distribution brings the command's name, but not click: one sentence, no traceback."""
    code = "import sys; sys.modules['click'] = None; from billing_cli.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: the billing command needs click: pip install 'billing-resources[cli]'\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("provision",), "No such command 'provision'"),
        (("up", "--stak", "dev"), "No such option '--stak'"),
        (("up", "--engine", "terraform"), "'terraform' is not one of 'pulumi', 'local'"),
        (("up", "-p", "0"), "0 is not in the range x>=1"),
        (("emulator", "--port", "http"), "'http' is not a valid integer"),
        (("preview", "extra"), "unexpected extra argument (extra)"),
    ],
)
def test_wrong_usage_ends_with_2(billing: Billing, line: tuple[str, ...], says: str) -> None:
    """What is wrong is said on standard error, without a traceback."""
    done = billing(*line)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
