"""What the local engine refuses, in the words of this command."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from billing_cli.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def said(ask: Callable[[], T]) -> T:
    """What the engine answers, its refusals in the words of this command."""
    import local_engine

    try:
        return ask()
    except local_engine.EngineError as error:
        text = str(error).replace("`pulumi cancel`", "`billing cancel`").replace("`stack ", "`billing stack ")
        raise OperationFailed(text) from None
