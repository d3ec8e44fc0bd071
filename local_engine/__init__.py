"""A Pulumi-compatible engine in Python: same protocol, same state files, for laptops, tests and CI without the CLI."""

from __future__ import annotations

import os

os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # before gRPC loads: it tells of every closed connection otherwise

from local_engine.configuration import ConfigValue, config_all, config_get, config_remove, config_set
from local_engine.errors import EngineError
from local_engine.exchange import stack_export, stack_import
from local_engine.import_file import read_import_file
from local_engine.import_plan import ImportSpec
from local_engine.operations import destroy, import_resources, preview, refresh, up
from local_engine.project import Project, load_project
from local_engine.protection import state_unprotect
from local_engine.renaming import stack_rename
from local_engine.run import Result, Run
from local_engine.stacks import (
    StackSummary,
    list_stacks,
    stack_init,
    stack_outputs,
    stack_remove,
    stack_summaries,
    stack_unlock,
)

__all__ = [
    "ConfigValue",
    "EngineError",
    "ImportSpec",
    "Project",
    "Result",
    "Run",
    "StackSummary",
    "config_all",
    "config_get",
    "config_remove",
    "config_set",
    "destroy",
    "import_resources",
    "list_stacks",
    "load_project",
    "preview",
    "read_import_file",
    "refresh",
    "stack_export",
    "stack_import",
    "stack_init",
    "stack_outputs",
    "stack_remove",
    "stack_rename",
    "stack_summaries",
    "stack_unlock",
    "state_unprotect",
    "up",
]
