"""What no form may show as it is: keys of Stripe, and characters that a reader cannot see."""

from __future__ import annotations

import re
import unicodedata

from billing_review.report import Report
from billing_review.texts import mapped

_SECRET = re.compile(r"(?<![A-Za-z0-9])(?:(?:sk|rk|pk|ek)_(?:live|test|org)|whsec)_[A-Za-z0-9_*.+/=-]+")
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_MARKS = {"\n": "↵", "\t": "⇥"}
_JOINER = "\u200d"


def without_secrets(text: str) -> str:
    """The text with every Stripe key and signing secret blotted out: the last line of defence, in every form."""
    return _SECRET.sub("[hidden]", text)


def visible(text: str) -> str:
    """The text on one line with a mark for each character that would move, turn or hide what stands around it."""
    if text.isprintable():
        return text
    return "".join(_seen(char, before) for char, before in zip(text, " " + text, strict=False))


def for_people(report: Report) -> Report:
    """The report as a person may see it: no secrets, nothing invisible."""
    found: Report = mapped(report, lambda text: without_secrets(visible(text)))
    return found


def for_programs(report: Report) -> Report:
    """The report without secrets; its texts are otherwise what they are."""
    found: Report = mapped(report, without_secrets)
    return found


def _seen(char: str, before: str) -> str:
    if unicodedata.category(char) not in _UNSEEN:
        return char
    if char == _JOINER and unicodedata.category(before) in {"So", "Sk", "Mn"}:  # it makes one emoji of two
        return char
    return _MARKS.get(char) or f"⟨U+{ord(char):04X}⟩"
