"""`billing check`: every problem of the catalog, for the editor and CI."""

from __future__ import annotations

import click


@click.command()
def check() -> None:
    """Check the catalog; nothing is sent anywhere."""
