"""The main job, end to end; `script/up` calls this. What it keeps lies in `.billing/`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HOME = Path(".billing")
KEPT = HOME / "emulator.json"
BILLING = str(Path(sys.executable).with_name("billing"))
LOCAL_KEY = "sk_test_emulator"


def main() -> int:
    """Provision, use, and provision again."""
    options = _options()
    HOME.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        try:
            environ = _environment(options.stack)
            if "STRIPE_API_BASE" not in environ and options.stack == "local":
                environ["STRIPE_API_BASE"] = stack.enter_context(_emulator(keep=options.keep))
            return _job(options, environ)
        except (RuntimeError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 130


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/up", description="Provision the catalog, then use it.")
    parser.add_argument("--stack", default="local", help="local (emulated), or one of stacks/Pulumi.*.yaml")
    parser.add_argument("--keep", action="store_true", help="leave the emulator running")
    parser.add_argument("--engine", choices=("pulumi", "local"), help="pulumi if it is on PATH, else local")
    return parser.parse_args()


def _environment(stack: str) -> dict[str, str]:
    """The user's environment, with defaults that keep everything in this folder."""
    environ = dict(os.environ)
    state = HOME.absolute() / "state"
    state.mkdir(exist_ok=True)
    environ.setdefault("PULUMI_BACKEND_URL", state.as_uri())
    environ.setdefault("PULUMI_SKIP_UPDATE_CHECK", "true")
    if stack == "local":
        environ.setdefault("STRIPE_API_KEY", LOCAL_KEY)
        environ.setdefault("PULUMI_CONFIG_PASSPHRASE", "local")
    if not environ.get("STRIPE_API_KEY"):
        message = f"stack {stack} is a real Stripe account: set STRIPE_API_KEY, a secret key of its sandbox"
        raise RuntimeError(message)
    if "PULUMI_CONFIG_PASSPHRASE" not in environ and "PULUMI_CONFIG_PASSPHRASE_FILE" not in environ:
        environ["PULUMI_CONFIG_PASSPHRASE_FILE"] = str(_passphrase_file())
    return environ


def _passphrase_file() -> Path:
    """A passphrase of this clone's own, for stacks that nobody gave one."""
    path = HOME.absolute() / "passphrase"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        _say(f"made a passphrase for this clone's secrets: {path}")
    return path


@contextlib.contextmanager
def _emulator(*, keep: bool) -> Iterator[str]:
    """An emulated Stripe with its data in `.billing/`; answers its address. One that was kept is used again."""
    kept = _kept_emulator()
    if kept:
        _say(f"Emulated Stripe at {kept}, still running since `--keep`; end it with kill {_kept('pid')}")
        yield kept
        return
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--data", str(HOME / "stripe.db")]
    log = (HOME / "emulator.log").open("a", encoding="utf-8")
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    url = process.stdout.readline().strip().rpartition(" ")[2]
    if not url.startswith("http"):
        message = f"the emulator did not start: see {HOME / 'emulator.log'}"
        raise RuntimeError(message)
    _say(f"Emulated Stripe at {url}, data in {HOME / 'stripe.db'}")
    try:
        yield url
    finally:
        if keep:
            KEPT.write_text(json.dumps({"url": url, "pid": process.pid}), encoding="utf-8")
            _say(f"\nThe emulator is still running at {url} (process {process.pid}); its key is {LOCAL_KEY}")
        else:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
        process.stdout.close()
        log.close()


def _kept(name: str) -> str:
    try:
        return str(json.loads(KEPT.read_text(encoding="utf-8"))[name])
    except (OSError, ValueError, KeyError):
        return ""


def _kept_emulator() -> str | None:
    """The address of the emulator that an earlier run left behind, if it still answers."""
    url = _kept("url")
    try:
        with urllib.request.urlopen(f"{url}/_emulator/health", timeout=5):  # noqa: S310 - our own emulator
            return url
    except (OSError, ValueError):
        KEPT.unlink(missing_ok=True)
        return None


def _job(options: argparse.Namespace, environ: dict[str, str]) -> int:
    engine = ["--engine", options.engine] if options.engine else []
    up = [BILLING, "up", "--stack", options.stack, "--yes", *engine]
    tour = [sys.executable, "examples/tour.py", "--stack", options.stack]
    for title, command in (
        ("1. Provision the catalog", up),
        ("2. Use it, through the runtime", tour),
        ("3. Provision again: no changes", [*up, "--expect-no-changes"]),
    ):
        _say(f"\n── {title}")
        code = subprocess.run(command, env=environ, check=False).returncode  # noqa: S603 - our own commands
        if code != 0:
            return code
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
