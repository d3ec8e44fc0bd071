"""TELL: a change in the words of the business. ``tell(change, findings, counting, affected)`` makes the report.

Each kind of object is told in a file of its own, and ``kinds`` binds them; what nobody foresaw is told plainly.
"""

from billing_review.telling.report import tell

__all__ = ["tell"]
