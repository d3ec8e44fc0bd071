"""Numbers, plurals and lists, as English writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

LONGEST = 300
"""Characters of a text that is shown; more would hide the rest of the report."""
_SOUNDS_LIKE_YOU = ("uni", "use", "usa", "eu", "one")
"""Begins of words that are written with a vowel and spoken without."""


def number(value: Decimal | float) -> str:
    """A quantity: ``100,000``; what came back from JSON as ``20.0`` is 20."""
    digits = format(Decimal(str(value)).normalize(), "f")
    return f"{Decimal(digits):,f}"


def counted(count: Decimal | float, noun: str) -> str:
    """``1 seat``, ``2 seats``."""
    return f"{number(count)} {noun if count == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """``seats``, ``boxes``, ``entities``, ``days``."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|z|ch|sh)$", noun) else f"{noun}s"


def with_article(noun: str) -> str:
    """``a seat``, ``an agent``, ``a unit``, ``an hour``."""
    spoken = noun.lower()
    vowel = spoken.startswith(("a", "e", "i", "o", "u", "hour")) and not spoken.startswith(_SOUNDS_LIKE_YOU)
    return f"{'an' if vowel else 'a'} {noun}"


def joined(parts: Iterable[str]) -> str:
    """``one``, ``one and two``, ``one, two and three``."""
    *first, last = tuple(parts) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def some(parts: Sequence[str], *, most: int, noun: str) -> str:
    """The first of them, and how many more there are."""
    if len(parts) <= most + 1:  # to count a single one takes no less room than to name it
        return joined(parts)
    return joined([*parts[:most], f"{len(parts) - most} more {plural(noun)}"])


def quoted(text: str) -> str:
    """A text of the catalog, inside a sentence."""
    return f"“{text}”"


def capital(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The first letter small, unless the word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def spelled(name: str) -> str:
    """A field's or kind's name as words: ``usage_threshold.gte`` is ``Usage threshold gte``, ``TaxId`` ``Tax id``."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return capital(re.sub(r"[\s_.\-]+", " ", apart).strip().lower())


def said(value: Any) -> str:
    """Any value of the catalog in words: what nobody foresaw is shown as plainly as can be."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, dict):
        return ", ".join(f"{spelled(str(key))}: {said(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(said(part) for part in value) or "none"
    return str(value)


def cut(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """Two long texts, shortened around the place where they begin to differ."""
    if max(len(old or ""), len(new or "")) <= LONGEST:
        return old, new
    pairs = zip(old or "", new or "", strict=False)
    equal = next((at for at, (one, other) in enumerate(pairs) if one != other), 0)
    start = max(0, equal - LONGEST // 4)
    return _window(old, start), _window(new, start)


def _window(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    begin, end = ("…" if start else ""), ("…" if len(text) > start + LONGEST else "")
    return f"{begin}{text[start : start + LONGEST]}{end}"
