"""Tokens of a language model's answer, whoever made it."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_runtime import InvalidInput, LlmUsage, llm_usage
from billing_runtime.llm import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

CHAT = {
    "id": "chatcmpl-1",
    "model": "small-1",
    "usage": {
        "prompt_tokens": 1200,
        "completion_tokens": 300,
        "total_tokens": 1500,
        "prompt_tokens_details": {"cached_tokens": 1000, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 250},
    },
}
RESPONSES = {
    "id": "resp_1",
    "model": "small-1",
    "usage": {
        "input_tokens": 1200,
        "input_tokens_details": {"cached_tokens": 1000},
        "output_tokens": 300,
        "output_tokens_details": {"reasoning_tokens": 250},
        "total_tokens": 1500,
    },
}
MESSAGE = {
    "id": "msg_1",
    "model": "poet-1",
    "usage": {
        "input_tokens": 200,
        "cache_creation_input_tokens": 70,
        "cache_read_input_tokens": 1000,
        "cache_creation": {"ephemeral_5m_input_tokens": 50, "ephemeral_1h_input_tokens": 20},
        "output_tokens": 300,
    },
}
tokens = st.integers(0, 10**9)


def as_objects(value: Any) -> Any:
    """The same as a vendor's package has it."""
    if not isinstance(value, dict):
        return value
    return SimpleNamespace(**{name: as_objects(inner) for name, inner in value.items()})


@pytest.mark.parametrize("shape", [dict, as_objects])
@pytest.mark.parametrize("answer", [CHAT, RESPONSES])
def test_input_that_contains_what_was_cached(answer: Json, shape: Callable[[Json], Any]) -> None:
    """Where the input contains what came from the cache, it must be counted once, under its own kind."""
    found = llm_usage(shape(answer))
    assert found == LlmUsage(200, 300, cache_read=1000, reasoning=250, model="small-1", id=answer["id"])
    assert found.total == 1500


@pytest.mark.parametrize("shape", [dict, as_objects])
def test_input_beside_what_was_cached(shape: Callable[[Json], Any]) -> None:
    """Where the cache is counted beside the input, everything must be counted once, however long it is kept."""
    found = llm_usage(shape(MESSAGE))
    assert found == LlmUsage(200, 300, 1000, 50, 20, model="poet-1", id="msg_1")
    assert found.total == 1570


def test_a_usage_block_alone() -> None:
    """The block may be given without its answer; fields that are null count as none."""
    assert llm_usage({"input_tokens": 3, "output_tokens": 4}) == LlmUsage(3, 4)
    assert llm_usage({"prompt_tokens": 3, "completion_tokens": None, "prompt_tokens_details": None}) == LlmUsage(3)
    nulls = {"cache_creation_input_tokens": None, "cache_read_input_tokens": None}
    assert llm_usage(nulls | {"input_tokens": 3, "output_tokens": 4}) == LlmUsage(3, 4)


def test_writing_to_a_cache_without_its_details() -> None:
    """Where it is not said how long the cache is kept, it is the usual one."""
    assert llm_usage({"input_tokens": 1, "output_tokens": 2, "cache_creation_input_tokens": 9}).cache_write == 9


@pytest.mark.parametrize("answer", [{}, None, "text", {"usage": None}, SimpleNamespace(usage=None), {"usage": {}}])
def test_an_answer_without_usage_is_refused(answer: Any) -> None:
    """Nothing may be taken for free because a stream was asked for without its usage."""
    with pytest.raises(InvalidInput, match="include_usage"):
        llm_usage(answer)


@pytest.mark.parametrize("wrong", [1.5, "7", True, -1])
def test_what_is_no_number_of_tokens_is_refused(wrong: Any) -> None:
    """Counts are whole numbers."""
    with pytest.raises(InvalidInput, match="prompt_tokens is no number of tokens"):
        llm_usage({"prompt_tokens": wrong, "completion_tokens": 1})


def test_a_cost_for_each_kind() -> None:
    """Kinds cost what the table says, others one; a started unit is one."""
    usage = LlmUsage(200, 300, cache_read=1001)
    assert usage.units() == 1501
    assert usage.units({"cache_read": (1, 10), "output": 5}) == 200 + 101 + 1500
    assert usage.units({"input": 0, "cache_read": Fraction(1, 4), "output": 0}) == 251
    assert LlmUsage().units({"output": 5}) == 0


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({"outptu": 5}, "kind 'outptu': the kinds are input"),
        ({"output": 0.1}, "must be an int, a Fraction, or a ratio"),
        ({"output": (1, 0)}, "must be an int, a Fraction, or a ratio"),
        ({"output": True}, "must be an int, a Fraction, or a ratio"),
        ({"output": -1}, "must not be below 0"),
    ],
)
def test_a_bad_table_is_refused(costs: Any, said: str) -> None:
    """A typo must not make tokens cost something else, and there are no floats."""
    with pytest.raises(InvalidInput, match=said):
        LlmUsage(1, 1).units(costs)


@given(st.dictionaries(st.sampled_from(KINDS), st.fractions(0, 100)), st.lists(tokens, min_size=5, max_size=5))
def test_units_are_never_less_than_the_cost_and_never_one_more(costs: dict[str, Fraction], counts: list[int]) -> None:
    """Whatever the table, the units are the exact cost, rounded up once."""
    fresh, read, written, long, output = counts
    usage = LlmUsage(fresh, output, read, written, long)
    exact = sum((count * costs.get(kind, Fraction(1)) for kind, count in zip(KINDS, counts, strict=True)), Fraction(0))
    assert 0 <= usage.units(costs) - exact < 1


@given(read=tokens, fresh=tokens, written=tokens, long=tokens, output=tokens)
def test_no_token_is_lost_or_counted_twice(read: int, fresh: int, written: int, long: int, output: int) -> None:
    """The kinds add up to what was read and written, in each of the shapes."""
    chat = {
        "prompt_tokens": fresh + read,
        "completion_tokens": output,
        "prompt_tokens_details": {"cached_tokens": read},
    }
    assert llm_usage({"usage": chat}).total == fresh + read + output
    message = {"input_tokens": fresh, "output_tokens": output, "cache_read_input_tokens": read}
    message |= {"cache_creation_input_tokens": written + long}
    block = message | {"cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": long}}
    assert llm_usage(block).total == llm_usage(message).total == fresh + read + written + long + output
