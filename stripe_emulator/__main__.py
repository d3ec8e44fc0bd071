"""Run the emulator: `python -m stripe_emulator --port 12111 --data stripe.db`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run until SIGINT or SIGTERM, or say in one sentence what is missing; return the exit code."""
    try:
        from stripe_emulator import program
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("stripe_emulator"):
            raise
        sys.stderr.write(f"stripe_emulator: needs {error.name}: pip install 'billing-resources[emulator]'\n")
        return 1
    return program.main()


if __name__ == "__main__":
    raise SystemExit(main())
