"""At a terminal: a preview first, a question, and nothing without a yes."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import stripe

from tests.billing_cli.conftest import COMMAND

if TYPE_CHECKING:
    from stripe_emulator.client import EmulatorClient
    from tests.end_to_end.project import Project

DEARER = {"plans": {"team": {"prices": {"monthly": {"unit_amount": 1400}}}}}


def at_a_terminal(project: Project, answer: str, *arguments: str) -> tuple[int, str]:
    """Run the command at a terminal where one answer is given; its exit code and its screen, control codes left out."""
    ours, theirs = pty.openpty()
    environ = {**project.environ, "TERM": "xterm-256color"}
    line = [COMMAND, *arguments, "--stack", "local", "--engine", "local"]
    with subprocess.Popen(line, cwd=project.directory, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        with closing(os.fdopen(ours, "rb", buffering=0)) as screen:
            seen = b"".join(iter(lambda: read(screen.fileno()), b"")).decode()
    return run.returncode, re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", seen).replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    """Some bytes; nothing when everybody has left the terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_no_changes_nothing(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """What would be done was shown, and nothing has been asked of Stripe."""
    provisioned.set(billing__overrides=DEARER)
    code, screen = at_a_terminal(provisioned, "n", "up")
    assert code == 1
    assert "unit_amount: 1200 → 1400 (replaces)" in screen
    assert "update stack local? [y/N]:" in screen
    assert screen.endswith("nothing was changed\n")
    assert stripe_emulator.count(path="/v1/*") == 0


def test_a_yes_is_taken(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """The update follows the preview."""
    provisioned.set(billing__overrides=DEARER)
    code, screen = at_a_terminal(provisioned, "y", "up")
    assert code == 0
    assert "Resources:\n    +-1 replaced\n    16 unchanged" in screen
    assert stripe_emulator.count(method="POST") == 3


@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("destroy", "destroy stack local? [y/N]:"),
        ("refresh", "refresh stack local? [y/N]:"),
        ("cancel", "unlock stack"),
    ],
)
def test_every_change_is_asked_about(
    provisioned: Project, stripe_emulator: EmulatorClient, command: str, question: str
) -> None:
    """A no is a no for all of them; destroy shows what would go."""
    code, screen = at_a_terminal(provisioned, "n", command)
    assert (code, question in screen) == (1, True)
    assert ("- 17 to delete" in screen) is (command == "destroy")
    assert stripe_emulator.count(path="/v1/*") == 0


def test_an_import_is_shown_and_asked_about(provisioned: Project, stripe_emulator: EmulatorClient) -> None:
    """What would come into the stack is shown first; a no leaves the state as it was."""
    client = stripe.StripeClient(stripe_emulator.key, base_addresses={"api": stripe_emulator.url})
    product = client.v1.products.create({"name": "By hand"}).id
    before = provisioned.state_file.read_text(encoding="utf-8")
    code, screen = at_a_terminal(provisioned, "n", "import", "Product", "hand", product)
    assert (code, "import into stack local? [y/N]:" in screen) == (1, True)
    assert "= 1 to import" in screen
    assert provisioned.state_file.read_text(encoding="utf-8") == before
