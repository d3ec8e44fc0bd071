"""Objects that a run brings in because a file says so: how a lost state comes back, components and all.

``billing up --imports FILE`` names the file in BILLING_IMPORTS. It is the file of `pulumi import`; what it names is
imported where the program declares it, and what the program does not declare is left alone.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from billing_resources.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

VARIABLE = "BILLING_IMPORTS"


def with_import(kind: str, name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """The options, with the id to import where the file has one and the program says nothing of its own."""
    path = os.environ.get(VARIABLE)
    object_id = _ids(path).get((kind, name)) if path else None
    if object_id is None or (opts is not None and opts.import_ is not None):
        return opts
    import pulumi

    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(import_=object_id))


@cache
def _ids(path: str) -> Mapping[tuple[str, str], str]:
    try:
        listed = json.loads(Path(path).read_text(encoding="utf-8"))["resources"]
        return {(one["type"].rpartition(":")[2], one["name"]): one["id"] for one in listed}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(f'{path} is no file of imports: {{"resources": [{{"type", "name", "id"}}]}}') from None
