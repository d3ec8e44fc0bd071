"""What every test can use."""

from __future__ import annotations

import os

import hypothesis
import stripe

hypothesis.settings.register_profile("without deadlines", deadline=None)  # a busy machine is no bug
hypothesis.settings.load_profile("without deadlines")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its notes on closed connections would drown the summary

pytest_plugins = ["stripe_emulator.pytest_plugin"]

stripe.enable_telemetry = False  # it would write below the home directory
