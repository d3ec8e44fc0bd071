"""Older API versions: what is stored has the newest shape, and is turned into an older one where it leaves the house.

https://docs.stripe.com/changelog: breaking changes come with the first release of a name only.
"""

from __future__ import annotations

from stripe_emulator.versions.answers import earlier_fields, shaped, shaped_event, shaper
from stripe_emulator.versions.change import Find
from stripe_emulator.versions.requests import asked

__all__ = ["Find", "asked", "earlier_fields", "shaped", "shaped_event", "shaper"]
