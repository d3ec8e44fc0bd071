"""Runs a Pulumi program: the small script between the engine and `__main__.py`.

It is started by its path, with the interpreter of the project, so it imports nothing of this package.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import logging
import os
import runpy
import signal
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

SHOWN = 32  # exit code: the user has been told already
NO_SDK = 33  # exit code: nobody can be told, because there is no SDK to tell it with


class NoProgramError(Exception):
    """There is nothing to run."""


def _end_quietly(*_: object) -> NoReturn:
    """Leave at once: the engine ends a program whose resources failed, and the user was told why."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(128 + signal.SIGINT)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("monitor", "engine", "project", "root_directory", "stack", "pwd", "dry_run", "organization"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parallel", type=int, required=True)
    parser.add_argument("program")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    return parser.parse_args()


def _configure(arguments: argparse.Namespace) -> None:
    import pulumi.runtime

    config = json.loads(os.environ.get("PULUMI_CONFIG") or "{}")
    secret_keys = json.loads(os.environ.get("PULUMI_CONFIG_SECRET_KEYS") or "[]")
    pulumi.runtime.set_all_config(config, secret_keys)
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            monitor=arguments.monitor,
            engine=arguments.engine,
            project=arguments.project,
            stack=arguments.stack,
            parallel=arguments.parallel,
            dry_run=arguments.dry_run == "true",
            organization=arguments.organization,
            root_directory=arguments.root_directory,
        )
    )


def _run_program(program: str) -> None:
    if Path(program).is_dir() and not Path(program, "__main__.py").is_file():
        raise NoProgramError(f"unable to find main python program `__main__.py` in `{Path(program).resolve()}`")
    runpy.run_path(program, run_name="__main__")


def _loop(parallel: int) -> asyncio.AbstractEventLoop:
    """Make a loop whose executor has a thread for every resource that may wait for its registration."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=4 * max(parallel, 1)))
    asyncio.set_event_loop(loop)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return loop


def _traceback_of_the_user(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = {__file__, runpy.__file__}
    start = next((i for i, frame in enumerate(frames) if "_run_program" in frame.name), -1) + 1
    kept = [frame for frame in frames[start:] if frame.filename not in ours and "<frozen" not in frame.filename]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(kept)]
    return "".join([*lines, *traceback.format_exception_only(error)])


def _attempt(arguments: argparse.Namespace) -> int:
    import pulumi
    import pulumi.runtime

    loop = _loop(arguments.parallel)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: _run_program(arguments.program)))
    except NoProgramError as error:
        pulumi.log.error(str(error))
        _flush_logs(loop)
        return SHOWN
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        _flush_logs(loop)
        return 1
    except Exception as error:  # noqa: BLE001 - whatever the user's program raises is reported, not ours
        pulumi.log.error(f"Program failed with an unhandled exception:\n{_traceback_of_the_user(error)}")
        _flush_logs(loop)
        return SHOWN
    return 0


def _flush_logs(loop: asyncio.AbstractEventLoop) -> None:
    """Let the log calls that are under way reach the engine."""
    pending = asyncio.all_tasks(loop)
    if pending:
        loop.run_until_complete(asyncio.wait(pending, timeout=1))


def main() -> None:
    """Run the program named on the command line."""
    signal.signal(signal.SIGINT, _end_quietly)
    arguments = _arguments()
    if importlib.util.find_spec("pulumi") is None:
        os._exit(NO_SDK)
    os.chdir(arguments.pwd)
    sys.argv = [arguments.program, *arguments.rest]
    _configure(arguments)
    code = _attempt(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of the program's executor may still wait for the engine; nothing of theirs is needed any more.
    os._exit(code)


if __name__ == "__main__":
    main()
