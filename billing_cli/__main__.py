"""`billing`, as it is started: the base distribution has the command's name, and the extra `cli` what it needs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say how to get what it needs."""
    try:
        from billing_cli.command_line import main as run
    except ModuleNotFoundError as error:
        sys.exit(f"error: the billing command needs {error.name}: pip install 'billing-resources[cli]'")
    run()


if __name__ == "__main__":
    main()
