"""A Pulumi-compatible engine in Python: same protocol, same state files, for laptops, tests and CI without the CLI."""

from __future__ import annotations

import os

os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # before gRPC loads: it tells of every closed connection otherwise

from local_engine.errors import EngineError
from local_engine.operations import destroy, preview, refresh, up
from local_engine.project import Project, load_project
from local_engine.run import Result, Run
from local_engine.stacks import list_stacks, stack_init, stack_outputs, stack_remove, stack_unlock

__all__ = [
    "EngineError",
    "Project",
    "Result",
    "Run",
    "destroy",
    "list_stacks",
    "load_project",
    "preview",
    "refresh",
    "stack_init",
    "stack_outputs",
    "stack_remove",
    "stack_unlock",
    "up",
]
