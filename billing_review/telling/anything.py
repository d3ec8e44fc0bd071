"""What nobody foresaw: a newer provider must not break an older review."""

from __future__ import annotations

from billing_review.steps import Step
from billing_review.telling.book import Book
from billing_review.telling.plainly import Tale, plainly
from billing_review.telling.told import Told
from billing_review.telling.words import small, spelled


def tell_anything(step: Step, book: Book) -> Told:
    """An object of a kind that this version does not know, by its plain values."""
    noun = small(spelled(step.kind))
    told = plainly(Tale(noun=noun, title=lambda step, _: f"{spelled(step.kind)} {step.key}", gone="removed"))(
        step, book
    )
    unknown = "This version of the review does not know an object like this, and shows its values as they are."
    return Told(told.title, told.clauses, sentences=(*told.sentences, unknown), facts=told.facts)
