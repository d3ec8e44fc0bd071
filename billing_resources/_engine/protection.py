"""``billing:protect``: the engine itself refuses to remove or replace what a stack has.

https://www.pulumi.com/docs/iac/concepts/resources/options/protect/. It holds whoever drives the engine and whatever
serves the resources; ``billing:allowDestructive`` lifts it, so that one setting says what is meant.
"""

from __future__ import annotations

import os

import pulumi

from billing_resources._engine.settings import ALLOW_DESTRUCTIVE


def with_protection(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """The options of a resource, protected if the stack's settings say so; what the program says of it stands."""
    if (opts is not None and opts.protect is not None) or not _protects():
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True))


def _protects() -> bool:
    config = pulumi.Config("billing")
    wanted = (config.get("protect") or "false").lower()
    if wanted not in {"true", "false"}:
        from billing_resources._engine.declared import RefusedInProgram

        raise RefusedInProgram("billing:protect", ["must be true or false"])
    allowed = os.environ.get(ALLOW_DESTRUCTIVE) or config.get("allowDestructive") or ""
    return wanted == "true" and allowed.lower() != "true"
