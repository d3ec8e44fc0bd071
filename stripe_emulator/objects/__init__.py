"""Every Stripe object the emulator has, one file each."""

from __future__ import annotations

from stripe_emulator.objects import account, customer, price, product

_FILES = [account, customer, price, product]

KINDS = {kind.object: kind for file in _FILES for kind in file.KINDS}
ROUTES = [file.routes for file in _FILES]
