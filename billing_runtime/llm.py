"""How many tokens a language model's answer took, whichever of the usual shapes its usage block has.

OpenAI's (https://platform.openai.com/docs/api-reference/chat/object,
https://platform.openai.com/docs/api-reference/responses/object) and Anthropic's
(https://docs.anthropic.com/en/api/messages) are read, as objects of their packages or as dicts; neither package is
imported, so what others make in the same shape is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeGuard

from billing_runtime.errors import InvalidInput

#: The kinds of tokens; each token is of one kind.
KINDS = ("input", "cache_read", "cache_write", "cache_write_1h", "output")

Cost = int | Fraction | tuple[int, int]
LlmCosts = Mapping[str, Cost]


@dataclass(frozen=True, slots=True)
class LlmUsage:
    """The tokens of one answer; each is counted once.

    `input` was read at the full price, `cache_read` from a cache, `cache_write` and `cache_write_1h` were written to
    one (for minutes, for an hour); `output` was written by the model, `reasoning` is the part of it that nobody sees.
    `model` and `id` are the answer's own, if they came along.
    """

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    reasoning: int = 0
    model: str | None = None
    id: str | None = None

    @property
    def total(self) -> int:
        """Every token, of whatever kind."""
        return self.input + self.cache_read + self.cache_write + self.cache_write_1h + self.output

    def units(self, costs: LlmCosts | None = None) -> int:
        """What it costs in whole units, a started one counted as one; without `costs` a token is a unit.

        `costs` is what a token of each kind costs: an int, a Fraction, or a ratio such as `(1, 10)`. A kind that is not
        named costs one; 0 makes it free. Raises InvalidInput for a float, an amount below 0, an unknown kind.
        """
        asked = _checked(costs or {})
        exact = sum((Fraction(getattr(self, kind)) * asked.get(kind, 1) for kind in KINDS), Fraction(0))
        return -(-exact.numerator // exact.denominator)


def llm_usage(response: Any) -> LlmUsage:
    """The tokens in the usage block of an answer, or in the block itself; raises InvalidInput if there is none.

    A stream has it at its end, in OpenAI's chat completions only if it is asked for
    (`stream_options={"include_usage": True}`).
    """
    block = _get(response, "usage")
    if block is None:
        block = response
    for read in (_anthropic, _responses, _chat):
        found = read(block)
        if found is not None:
            return LlmUsage(**found, model=_text(response, "model"), id=_text(response, "id"))
    message = (
        "There are no token counts in this answer: pass the answer as it came, or its usage block; "
        "a stream of chat completions has one only with stream_options={'include_usage': True}."
    )
    raise InvalidInput(message)


def _anthropic(block: Any) -> dict[str, int] | None:
    """Input does not contain what went through the cache."""
    marks = ("cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation")
    if _get(block, "input_tokens") is None or _get(block, "input_tokens_details") is not None:
        return None
    if all(_get(block, mark) is None for mark in marks):
        return None
    written, long = _count(block, marks[0]), _count(_get(block, marks[2]), "ephemeral_1h_input_tokens")
    return {
        "input": _count(block, "input_tokens"),
        "output": _count(block, "output_tokens"),
        "cache_read": _count(block, marks[1]),
        "cache_write": max(0, written - long) or _count(_get(block, marks[2]), "ephemeral_5m_input_tokens"),
        "cache_write_1h": long,
    }


def _responses(block: Any) -> dict[str, int] | None:
    return _of_openai(block, "input_tokens", "output_tokens")


def _chat(block: Any) -> dict[str, int] | None:
    return _of_openai(block, "prompt_tokens", "completion_tokens")


def _of_openai(block: Any, given: str, made: str) -> dict[str, int] | None:
    """Input contains what was read from the cache, output the reasoning."""
    if _get(block, given) is None and _get(block, made) is None:
        return None
    read = _count(_get(block, f"{given}_details"), "cached_tokens")
    return {
        "input": max(0, _count(block, given) - read),
        "output": _count(block, made),
        "cache_read": read,
        "reasoning": _count(_get(block, f"{made}_details"), "reasoning_tokens"),
    }


def _get(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _count(thing: Any, name: str) -> int:
    found = None if thing is None else _get(thing, name)
    if found is None:
        return 0
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        message = f"{name} is no number of tokens."
        raise InvalidInput(message)
    return found


def _text(thing: Any, name: str) -> str | None:
    found = _get(thing, name)
    return found if isinstance(found, str) and found else None


def _checked(costs: LlmCosts) -> dict[str, Fraction]:
    unknown = sorted(costs.keys() - set(KINDS))
    if unknown:
        message = f"There are no tokens of the kind {unknown[0]!r}: the kinds are {', '.join(KINDS)}."
        raise InvalidInput(message)
    return {kind: _ratio(kind, cost) for kind, cost in costs.items()}


def _ratio(kind: str, cost: object) -> Fraction:
    above, below = cost if isinstance(cost, tuple) and len(cost) == 2 else (cost, 1)
    if not _is_exact(above) or not _is_exact(below) or below == 0:
        message = f"The cost of {kind} must be an int, a Fraction, or a ratio such as (1, 10)."
        raise InvalidInput(message)
    ratio = Fraction(above) / Fraction(below)
    if ratio < 0:
        message = f"The cost of {kind} must not be below 0."
        raise InvalidInput(message)
    return ratio


def _is_exact(part: object) -> TypeGuard[int | Fraction]:
    return isinstance(part, int | Fraction) and not isinstance(part, bool)
