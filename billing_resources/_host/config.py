"""What Configure told the host: the stack's whole configuration, the settings in it, and the session they open."""

from __future__ import annotations

import os
from functools import cached_property

from billing_resources._engine.session import Session
from billing_resources._engine.settings import Settings


class Configuration:
    """Filled once, before any resource is touched."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def set(self, values: dict[str, str]) -> None:
        """Keep the configuration; a guard that fails stops the run before any request."""
        self.values = values
        self.settings.guard()

    @property
    def settings(self) -> Settings:
        """The stack's settings, the environment over them."""
        return Settings.of(self.values, os.environ)

    @cached_property
    def session(self) -> Session:
        """The one session of this process."""
        return Session(self.settings)
