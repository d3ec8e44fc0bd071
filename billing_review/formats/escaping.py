"""Text that Markdown shows as it is: no markup, no mention, no link, no reference, wherever on a line it stands.

Specification: https://github.github.com/gfm/. A character reference can never be structure, so what could be is written
as one; what GitHub and GitLab look for in the finished text is parted by a space of no width.
"""

from __future__ import annotations

import re

LONGEST = 300
"""Longer texts are clipped; other forms show them whole."""

_MARKUP = re.compile(r"""[&<>"'\\`*_\[\]|~^]""")
_OPENS_BLOCK = re.compile(r"^([-+#=])|^(\d{1,9})([.)])(?=\s|$)")
_PARTED = re.compile(
    r"""
    (?<=[@\#~])(?=\w)             # @everyone, #1, ~label
    | (?<=[!%&])(?=\d)            # !1, %1, &1
    | (?<=:)(?=//|[\w+-]+:)       # https://, :tada:
    | (?<=\bwww)(?=\.)
    | (?<=\bGH)(?=-\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_WIDTH = "\u200b"


def markdown(text: str, longest: int = LONGEST) -> str:
    """The text for any place inside a line of Markdown, or of the HTML in it."""
    text = " ".join(text.split())
    clipped = text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
    written = _MARKUP.sub(_reference, _PARTED.sub(_NO_WIDTH, clipped))
    opened = _OPENS_BLOCK.sub(lambda found: f"{found[2] or ''}&#{ord(found[1] or found[3])};", written)
    return opened.replace("$", "<span>$</span>").replace(_NO_WIDTH, "&#8203;")


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
