"""Reports of any texts, and the same reports with harmless ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from billing_review.pricing import Pricing
from billing_review.report import (
    Affected,
    Costs,
    Counting,
    Entry,
    Example,
    Fact,
    Finding,
    Report,
    Suppression,
    TierRow,
)
from billing_review.steps import Source
from tests.billing_review.formats.reports import HOSTILE

_FRAGMENTS = (
    *"<>&\"'`*_[]()|~^$@#!:=+-\\\n\r\t{}%",
    *("<script>", "</script>", "</title>", "</style>", "</details>", "<!--", "-->", "]]>", "<img src=x onerror=1>"),
    *(
        "&lt;",
        "&#60;",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "javascript:",
        "https://evil.example",
        "www.evil.example",
        "a@b.example",
    ),
    *(
        "@everyone",
        "#1",
        "GH-1",
        ":tada:",
        "1. ",
        "- ",
        "# ",
        "> ",
        "```",
        "    ",
        "|---|",
        "[x]: y",
        "$x$",
        "\x1b[31m",
    ),
    *("\u202e", "\u2028", "\u200b", "\x00", "\ud800", "\x9b", "[red]", "[/]", "[link=https://evil.example]", HOSTILE),
)
texts = st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=8), min_size=1, max_size=6).map("".join)
visible_texts = texts.filter(lambda text: bool(text.strip()))


@st.composite
def reports(draw: st.DrawFn, words: st.SearchStrategy[str] = visible_texts) -> Report:
    """A small report in which every text is any text: a few drawn ones take turns, a prime number of them."""
    pool = draw(st.lists(words, min_size=7, max_size=7))
    some = cycle(pool[(start := draw(st.integers(0, 6))) :] + pool[:start])
    kind, key = next(some), next(some)
    finding = Finding(next(some), "high", next(some), kind, key, next(some), next(some))
    put_off = replace(finding, suppressed=Suppression(next(some), next(some)), severity="low")
    return Report(
        Source("catalog", next(some), next(some), None, next(some), next(some), next(some)),
        (_entry(some, kind, key),),
        (finding, put_off),
        {"replace": 1},
        Counting("refused", next(some)),
        {"usd": 100},
        (next(some),),
    )


def _entry(some: Iterator[str], kind: str, key: str) -> Entry:
    old, new = (Pricing("usd", Decimal(amount), interval="month", metered=True) for amount in (1000, 1200))
    return Entry(
        kind,
        key,
        "replace",
        title=next(some),
        headline=next(some),
        sentences=(next(some), next(some)),
        facts=(Fact(*(next(some) for _ in range(4))),),
        costs=(
            Costs(
                "usd",
                old,
                new,
                (TierRow(*(next(some) for _ in range(3))),),
                (Example(5, *(next(some) for _ in range(5))),),
                next(some),
            ),
        ),
        affected=Affected(active=1),
        plan=next(some),
        object_id=next(some),
        place=next(some),
    )


_OURS = ("catalog", "refused", "high", "low", "replace", "usd", "month")


def texts_of(value: Any) -> list[str]:
    """Every text in a report that is not one of our own words."""
    found: list[str] = []
    mapped(value, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    return [text for text in found if text not in _OURS]


def harmless(report: Report) -> Report:
    """The same report with a letter and a number for each of its texts."""
    known: dict[str, str] = {}
    found: Report = mapped(report, lambda text: text if text in _OURS else known.setdefault(text, f"x{len(known)}"))
    return found


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(one, change) for one in value)
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: mapped(getattr(value, one.name), change) for one in fields(value)})
    return value
