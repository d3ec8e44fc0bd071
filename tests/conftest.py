"""What every test can use."""

from __future__ import annotations

import stripe

pytest_plugins = ["stripe_emulator.pytest_plugin"]

stripe.enable_telemetry = False  # it would write below the home directory
