"""A run of the local engine that answers Ctrl-C: people should know that it was heard, and that work is finished."""

from __future__ import annotations

import click

import local_engine

HEARD = "interrupted: what is under way is finished and saved, nothing more is begun"


class InterruptibleRun(local_engine.Run):
    """Says that it is ending before it ends."""

    def cancel(self) -> None:
        """Begin an orderly end."""
        if not self.cancelled:
            click.echo(HEARD, err=True)
        super().cancel()
