"""JUDGEMENT: what is dangerous about a change, where, and what to do. One rule, one small file, one line in a table.

Pure: the same change, settings and day give the same findings. ``registry`` lists the rules, ``rules`` holds them.
"""

from billing_review.judgement.errors import InvalidJudgement
from billing_review.judgement.exemptions import suppressions_of
from billing_review.judgement.judging import apply_suppressions, judge
from billing_review.judgement.levels import fails, worst
from billing_review.judgement.settings import Exemption, JudgementSettings
from billing_review.judgement.settings_table import settings_of

__all__ = [
    "Exemption",
    "InvalidJudgement",
    "JudgementSettings",
    "apply_suppressions",
    "fails",
    "judge",
    "settings_of",
    "suppressions_of",
    "worst",
]
