"""`billing inbox`: webhooks that came in, what became of them, and another try. docs/webhooks.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from billing_cli.commands.options import as_json
from billing_cli.opened import opened, opening_options

if TYPE_CHECKING:
    from billing_runtime._inbox.rows import InboxEvent
    from billing_runtime.inbox import Lag


@click.group()
def inbox() -> None:
    """Look at webhooks that came in, and try again what was given up."""


@inbox.command("list")
@opening_options
@click.option("--most", type=click.IntRange(1, 10_000), default=100, show_default=True, help="So many of each sort.")
@as_json
def list_(*, most: int, as_json: bool, **options: Any) -> None:
    """List what waits and what was given up, with the reasons."""
    with opened(options) as billing:
        lag, events = billing.inbox.lag(), [*billing.inbox.waiting(most), *billing.inbox.dead(most)]
    if as_json:
        click.echo(json.dumps({"lag": _lag(lag), "events": [_event(one) for one in events]}, indent=2))
        return
    for one in events:
        why = f": {one.problem}" if one.problem else ""
        click.echo(f"{one.state:<8} {one.received_at:%Y-%m-%d %H:%M:%S} {one.event_id} {one.type} ×{one.attempts}{why}")
    click.echo(
        f"{lag.waiting} waiting ({lag.failing} failed before), the oldest for {lag.seconds} s; "
        f"{lag.dead} given up, {lag.unhandled} of types that are not handled"
    )


@inbox.command()
@opening_options
@click.argument("events", nargs=-1, metavar="[EVENT]...")
@click.option("--dead", is_flag=True, help="All that were given up.")
@as_json
def replay(*, events: tuple[str, ...], dead: bool, as_json: bool, **options: Any) -> None:
    """Work on events again, from the beginning: the next worker does it."""
    if bool(events) == dead:
        raise click.UsageError("name events, or pass --dead")
    with opened(options) as billing:
        for event in events:
            billing.inbox.replay(event)
        number = billing.inbox.replay_dead() if dead else len(events)
    click.echo(json.dumps({"replayed": number}) if as_json else f"{number} to be worked on again")


def _lag(lag: Lag) -> dict[str, Any]:
    oldest = None if lag.oldest is None else lag.oldest.isoformat()
    counts = {"waiting": lag.waiting, "failing": lag.failing, "dead": lag.dead, "unhandled": lag.unhandled}
    return counts | {"oldest": oldest, "seconds": lag.seconds}


def _event(one: InboxEvent) -> dict[str, Any]:
    names = ("event_id", "type", "state", "attempts", "customer_id", "object_id", "problem")
    return {name: getattr(one, name) for name in names} | {"received_at": one.received_at.isoformat()}
