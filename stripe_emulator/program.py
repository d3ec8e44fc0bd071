"""The emulator as a program: its arguments, its one line of output, its quiet end."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
from pathlib import Path

from stripe_emulator.clock import parse_time
from stripe_emulator.data_file import DataFileError
from stripe_emulator.delivery.forwarding import parse_line
from stripe_emulator.desk import Desk, Settings
from stripe_emulator.limits import Limit
from stripe_emulator.recording import VARIABLE, folder_of_environment
from stripe_emulator.server import Listening, bind


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        bound = bind(options.host, options.port)
    except (OSError, OverflowError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number is not None and number > 0 else str(error)
        return _complain(f"cannot listen on {options.host}:{options.port}: {reason}; choose another --port, or 0")
    gc.set_threshold(50_000, 20, 100)  # what is kept is many and lives long: to look through it often is in vain
    with bound:
        try:
            desk = Desk(_settings(options))
        except DataFileError as error:
            return _complain(f"cannot use {options.data} as the data file: {error}; name another file with --data")
        except OSError as error:
            return _complain(f"cannot record in {options.record}: {error.strerror}; choose another folder")
        asyncio.run(_run(desk, bound, options.host))
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        data=options.data,
        clock=options.clock,
        deterministic_ids=options.deterministic_ids,
        record=options.record,
        stripe_urls=options.stripe_urls,
        limit=Limit(per_second=options.per_second, time="real"),
        forward=dict(options.forward),
    )


async def _run(desk: Desk, bound: socket.socket, host: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listening = Listening(desk)
    url = await listening.begin(bound, host)
    sys.stdout.write(f"stripe emulator listening on {url}\n")
    sys.stdout.flush()
    await stop.wait()
    await listening.end()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stripe_emulator", description="A pretended Stripe for laptops and tests.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=12111, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", type=Path, help="file that keeps everything (default: memory only)")
    parser.add_argument("--clock", type=_time, help="stand still at this time: ISO date or seconds since 1970")
    parser.add_argument("--deterministic-ids", action="store_true", help="count ids instead of drawing them")
    parser.add_argument(
        "--stripe-urls",
        action="store_true",
        help="let links to hosted pages look like Stripe's own; they do not lead to the emulator's pages",
    )
    parser.add_argument("--per-second", type=int, help="requests of an account and mode a second (default: any number)")
    parser.add_argument(
        "--record",
        type=Path,
        default=folder_of_environment(),
        help=f"folder for what is granted (default: ${VARIABLE})",
    )
    parser.add_argument(
        "--forward",
        type=_forward,
        action="append",
        default=[],
        metavar="PUBLIC=LOCAL",
        help="deliver what is for a public address to a local one: https://app.example.com=http://127.0.0.1:8000",
    )
    return parser


def _forward(text: str) -> tuple[str, str]:
    try:
        return parse_line(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except ValueError:
        message = f"{text!r} is no time: give an ISO date such as 2026-01-31T12:00:00Z, or seconds since 1970"
        raise argparse.ArgumentTypeError(message) from None


def _complain(sentence: str) -> int:
    sys.stderr.write(f"stripe_emulator: {sentence}\n")
    return 1
