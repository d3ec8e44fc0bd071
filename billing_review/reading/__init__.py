"""READ: where a change comes from: a plan of Pulumi (``read_plan``), or two catalogs compared (``read_catalogs``)."""

from __future__ import annotations

from billing_review.reading.catalogs import read_catalogs
from billing_review.reading.plan import read_plan

__all__ = ["read_catalogs", "read_plan"]
