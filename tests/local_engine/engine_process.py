"""One operation in a process of its own, so that it can be killed or interrupted: `python -m … <what, as JSON>`."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import local_engine
from tests.local_engine.recorder import record


def main(told: dict[str, Any]) -> None:
    """Carry out the operation; calls and writes are noted in a file as they happen, the result is printed."""
    record(_into(Path(told["notes"])))
    run = local_engine.Run(local_engine.load_project(told["directory"]), told["stack"], environ=dict(os.environ))
    result = getattr(local_engine, told["verb"])(run, **told["options"])
    sys.stdout.write(json.dumps(dataclasses.asdict(result)))


def _into(path: Path) -> Any:
    lock = threading.Lock()

    def note(line: dict[str, Any]) -> None:
        with lock, path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    return note


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
