"""A language model that costs nothing: it answers in the shape that the real ones have, with a usage block."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

Json = dict[str, Any]


async def answer(question: str, most: int) -> Json:
    """Say the question backwards, in at most so many tokens; here a word is a token."""
    words = question.split()
    said = words[::-1][:most]
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "model": "echo-1",
        "choices": [{"message": {"role": "assistant", "content": " ".join(said)}}],
        "usage": {"prompt_tokens": len(words), "completion_tokens": len(said)},
    }
