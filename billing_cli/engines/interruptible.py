"""A run of the local engine that answers Ctrl-C and SIGTERM, in the words of the Pulumi CLI."""

from __future__ import annotations

import click

import local_engine

_AGAIN = {"SIGTERM": "send SIGTERM again"}


class InterruptibleRun(local_engine.Run):
    """Says that it is ending before it ends."""

    def cancel(self, by: str = "^C") -> None:
        """Begin an orderly end; the second time, end at once."""
        click.echo(_terminating(by) if self.cancelled else _cancelling(by), err=True)
        super().cancel(by)


def _cancelling(by: str) -> str:
    return (
        f"{by} received; cancelling. If you would like to terminate immediately, {_AGAIN.get(by, 'press ^C again')}.\n"
        "Note that terminating immediately may lead to orphaned resources and other inconsistencies."
    )


def _terminating(by: str) -> str:
    return f"{by} received; terminating"
