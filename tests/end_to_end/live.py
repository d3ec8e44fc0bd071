"""A stack that becomes live: a request would go to Stripe itself, and nothing gets out of here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.end_to_end.project import Project

CLOSED, HERE = "http://127.0.0.1:9", "127.0.0.1,localhost"
NO_WAY_OUT = {"HTTPS_PROXY": CLOSED, "https_proxy": CLOSED, "NO_PROXY": HERE, "no_proxy": HERE}


def go_live(project: Project) -> Project:
    """Give a provisioned stack a live mode and key, in its settings and its state."""
    project.set(stripe__mode="live")
    text = project.state_file.read_text(encoding="utf-8")
    project.state_file.write_text(re.sub(r'("stripe:mode": ?)"test"', r'\1"live"', text), encoding="utf-8")
    project.environ |= {"STRIPE_API_KEY": "sk_live_emulator", **NO_WAY_OUT}
    del project.environ["STRIPE_API_BASE"]
    return project
