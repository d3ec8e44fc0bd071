"""Pulumi programs run against mocks: what they registered and what they export."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

MADE = {"account": "acct_test", "livemode": False, "api_version": "2026-10-28.endive", "secret": "whsec_made_up"}


@dataclass
class Registered(mocks.Mocks):
    """What a program registered, and its stack outputs once it ended."""

    resources: list[mocks.MockResourceArgs] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Every resource gets its name as its id."""
        self.resources.append(args)
        return f"id_{args.name}", {**args.inputs, **MADE}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Nothing is invoked."""
        raise NotImplementedError(args.token)

    @property
    def names(self) -> set[tuple[str, str]]:
        """Type and name of each resource but the stack."""
        return {(one.typ, one.name) for one in self.resources if one.typ != "pulumi:pulumi:Stack"}


def run(program: Callable[[], object], config: Mapping[str, str] | None = None, *, preview: bool = False) -> Registered:
    """Run a program in a stack of its own, with nothing left over from other tests."""
    registered = Registered()
    contextvars.Context().run(_run, program, dict(config or {}), registered, preview)
    return registered


def _run(program: Callable[[], object], config: dict[str, str], registered: Registered, preview: bool) -> None:
    with _loops():
        mocks.set_mocks(registered, project="billing", stack="dev", preview=preview)
        pulumi.runtime.set_all_config(config)
        try:
            mocks.test(_in_stack)(program, registered)  # type: ignore[no-untyped-call]
        finally:
            pulumi.runtime.set_all_config({})


@contextmanager
def _loops() -> Iterator[None]:
    """An event loop for the program and one for each worker thread: Pulumi makes them and leaves them open."""
    loops: list[asyncio.AbstractEventLoop] = []

    def new_loop() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    new_loop()
    try:
        with ThreadPoolExecutor(8, initializer=new_loop) as workers:
            loops[0].set_default_executor(workers)
            yield
    finally:
        asyncio.set_event_loop(None)
        for loop in loops:
            loop.close()


def _in_stack(program: Callable[[], object], registered: Registered) -> pulumi.Output[None]:
    program()
    stack = get_root_resource()
    assert isinstance(stack, Stack)
    return pulumi.Output.all(*[_kept(name, value, registered) for name, value in stack.outputs.items()]).apply(_nothing)


def _kept(name: str, value: Any, registered: Registered) -> pulumi.Output[None]:
    output = pulumi.Output.from_input(value)

    async def note() -> None:
        registered.outputs[name] = await output.future()
        registered.secrets |= {name} if await output.is_secret() else set()

    return pulumi.Output.from_input(note())


def _nothing(_: object) -> None:
    return None
