"""The forms of a review: for a terminal, a pull request, a browser and programs."""

from __future__ import annotations

from typing import Literal

from billing_review.report import Report

Format = Literal["term", "md", "html", "json"]
FORMATS: tuple[Format, ...] = ("term", "md", "html", "json")


def render(report: Report, format: Format, *, width: int | None = None, color: bool | None = None) -> str:  # noqa: A002
    """A report in one of its forms; the width and the colours are the terminal's.

    Raises LibraryMissingError where the HTML form's template library is not installed.
    """
    if format == "term":
        from billing_review.formats import term

        return term.render(report, width, color=color)
    if format == "md":
        from billing_review.formats import markdown

        return markdown.render(report)
    if format == "html":
        from billing_review.formats import page

        return page.render(report)
    from billing_review.formats import document

    return document.render(report)
