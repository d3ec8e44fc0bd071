"""A whole life with signing secrets, keys in the environment and in the settings, failures and every form of output.

Not one byte of it shows a secret, and what is kept on disk has them encrypted only.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.project import Project

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient

pytestmark = pytest.mark.end_to_end
KEY, OTHER_KEY = "sk_test_emulator_topsecret4711", "sk_test_emulator_fromsettings0815"
PASSPHRASE = "horse battery staple 7391"
DESTINATION = """
event_destinations:
  errors:
    name: Meter errors
    enabled_events: [v1.billing.meter.error_report_triggered]
    webhook_endpoint: {url: "https://app.example.com/stripe/thin"}
"""
TALKATIVE = {"STRIPE_LOG": "debug", "BILLING_DEBUG": "1", "PYTHONASYNCIODEBUG": "0", "PULUMI_DEBUG_COMMANDS": "true"}


class Life:
    """Runs commands and keeps everything they print."""

    def __init__(self, project: Project) -> None:
        self.project, self.printed = project, list[bytes]()

    def run(self, *arguments: str, stdin: str | None = None, **environ: str | None) -> str:
        """One command, in its most talkative form; whether it succeeds is up to the story."""
        known = {**self.project.environ, **TALKATIVE, **environ}
        done = subprocess.run(
            [sys.executable, "-m", "billing_cli", *arguments],
            cwd=self.project.directory,
            env={name: value for name, value in known.items() if value is not None},
            input=(stdin or "").encode(),
            capture_output=True,
            check=False,
        )
        self.printed += [done.stdout, done.stderr]
        return (done.stdout + done.stderr).decode()

    def operate(self, operation: str, *more: str, **environ: str | None) -> str:
        """An operation of the engine."""
        return self.run(*self.project.arguments(operation, *more), **environ)

    @property
    def kept(self) -> Iterator[tuple[Path, bytes]]:
        """Every file that is there: state, history, backups, settings, logs of the engine."""
        for path in self.project.directory.rglob("*"):
            if path.is_file() and ".venv" not in path.parts:
                yield path, path.read_bytes()


@pytest.fixture
def life(project: Project) -> Life:
    """A stack of its own, with a passphrase of its own, and an event destination besides the endpoint."""
    project.stack = "hidden"
    project.environ |= {"STRIPE_API_KEY": KEY, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}
    with project.catalog.open("a", encoding="utf-8") as catalog:
        catalog.write(DESTINATION)
    one = Life(project)
    assert "created" in one.run("stack", "init", "hidden", "--engine", project.engine).lower()
    return one


def live_through(life: Life, emulator: EmulatorClient) -> None:
    """Set up, fail, change, look, and fail again, with the key from either place."""
    engine = ("--stack", life.project.stack, "--engine", life.project.engine)
    stay = {"headers": {"Stripe-Should-Retry": "false"}}
    emulator.fail_next(500, method="POST", path="/v1/webhook_endpoints", count=4, **stay)
    emulator.cut_next("after", method="POST", path="/v2/core/event_destinations")
    life.operate("up", "--diff")
    assert "Stack" in life.operate("up", "--json")
    life.run("config", "set", "stripe:apiKey", "--secret", *engine, stdin=OTHER_KEY)
    catalog = life.project.catalog.read_text(encoding="utf-8")
    life.project.catalog.write_text(catalog.replace("com/stripe\n", "com/hooks\n"), encoding="utf-8")
    for operation, *more in (("preview", "--diff"), ("up", "--json"), ("refresh", "--json")):
        life.operate(operation, *more, STRIPE_API_KEY=None)
    life.operate("up", STRIPE_API_KEY="sk_test__topsecret4711_refused")
    life.operate("up", PULUMI_CONFIG_PASSPHRASE="guessed 7391")
    for command in (("config", "ls"), ("stack", "output", "--json"), ("stack", "export"), ("manifest",)):
        life.run(*command, *engine)


def hidden(emulator: EmulatorClient) -> list[bytes]:
    """What nobody may see, also in base64, however its bytes fall."""
    made = set(re.findall(r"whsec_\w+", json.dumps(emulator.snapshot())))
    plain = [text.encode() for text in (KEY, OTHER_KEY, PASSPHRASE, "topsecret4711", *made)]
    coded = [base64.b64encode(b"x" * shift + text)[4:-4] for text in plain for shift in range(3)]
    return [b"whsec_", *plain, *coded]


def test_no_byte_shows_a_secret(life: Life, stripe_emulator: EmulatorClient) -> None:
    """Neither what is printed, nor what is kept; and the stack has its secrets all the same."""
    live_through(life, stripe_emulator)
    secrets = hidden(stripe_emulator)
    assert stripe_emulator.count(method="POST", path="/v1/webhook_endpoints/*", status=200) > 0
    for place, found in [*(("printed", text) for text in life.printed), *life.kept]:
        assert [secret for secret in secrets if secret in found] == [], (place, found[-2000:])
    shown = life.run("stack", "output", "--json", "--show-secrets", *life.project.arguments("", "")[1:5])
    webhooks = json.loads(shown[shown.index("{") :])["webhookSecrets"]
    assert {name: value[:6] for name, value in webhooks.items()} == {"app": "whsec_", "errors": "whsec_"}
    life.printed.clear()
    life.operate("destroy", "--json")
    assert [secret for secret in secrets if secret in b"".join(life.printed)] == []
