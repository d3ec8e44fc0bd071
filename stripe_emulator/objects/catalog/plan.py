"""The legacy face of a recurring price; it stands with the older versions, which need it where no object is known."""

from __future__ import annotations

from stripe_emulator.versions.plan import plan_of

__all__ = ["plan_of"]
