"""`billing manifest`: every problem of the catalog, for the editor and CI."""

from __future__ import annotations

import click


@click.command()
def manifest() -> None:
    """Check the catalog; nothing is sent anywhere."""
