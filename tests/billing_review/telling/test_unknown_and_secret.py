"""What a newer provider has, and what nobody may see."""

from __future__ import annotations

from dataclasses import asdict, replace

from billing_review.report import Counting, Finding, Suppression
from billing_review.steps import Change, Plan, Source
from billing_review.telling import tell
from tests.billing_review.telling.builders import SEAT, TEAM, golden, gone, new, replaced, report, same, told, updated


def test_an_unknown_kind() -> None:
    """It is told by its values, and that it is not known."""
    quote = same("QuoteTemplate", "standard", expires_in=30, header={"text": "Hello"}, lines=[{"price": "a"}])
    assert told(updated(quote, expires_in=60, tags=["x", "y"], lines=[{"price": "b"}], draft=True)) == golden(
        """
        Quote template standard: expires in 30 → 60, lines 1 price a → b, tags set to x, y, draft set to yes.
        - This version of the review does not know an object like this, and shows its values as they are.
        | Expires in: 30 → 60
        | Lines 1 price: a → b
        | Tags: ∅ → x, y
        | Draft: ∅ → yes
        """
    )
    assert told(new("QuoteTemplate", "standard", **quote.args)).splitlines()[0] == (
        "Quote template standard: new quote template."
    )
    assert told(gone("QuoteTemplate", "standard", **quote.args)).splitlines()[0] == "Quote template standard: removed."


def test_unknown_fields() -> None:
    """Beside those that are known, wherever they stand."""
    later = updated(SEAT, recurring={"interval": "month", "grace_days": 3}, bundle={"parts": [{"size": 1}]})
    assert told(later) == golden(
        """
        Team, monthly seat: recurring grace days set to 3, bundle parts 1 size set to 1.
        | Recurring grace days: ∅ → 3
        | Bundle parts 1 size: ∅ → 1
        """
    )


def test_amounts_of_an_unknown_form() -> None:
    """They are shown as they are, and nothing is computed of them."""
    found = told(replaced(SEAT, unit_amount=None, custom_unit_amount={"minimum": 500}))
    assert found.splitlines()[0] == (
        "Team, monthly seat: new price, amounts of a form that this review does not know, "
        "lookup key team_monthly moves to it, custom unit amount minimum set to 500."
    )


def test_amounts_that_are_no_amounts() -> None:
    """What is known only after the deployment, or makes no sense, is shown and breaks nothing."""
    odd: list[object] = ["[known after the update]", {}, [], True]
    for amount in odd:
        assert told(replaced(SEAT, unit_amount=amount)).startswith("Team, monthly seat: new price")
    assert told(replaced(SEAT, recurring={"interval": "fortnight"})).startswith("Team, seat every 1 fortnight: ")
    assert told(new("Price", "odd")).splitlines()[0] == "odd: new price."


def test_values_of_another_shape_break_nothing() -> None:
    """Every kind is told although each field holds something unexpected."""
    for kind in KINDS:
        for odd in ("text", 5, ["a"], {"a": "b"}, [{"a": 1}], True):
            names = ("name", "title", "product", "usage_threshold", "recurring", "tiers", "seats", "limits", "features")
            args = dict.fromkeys((*names, "enabled_events", "images", "marketing_features", "promotion"), odd)
            assert told(new(kind, "odd", **args))
            assert told(updated(same(kind, "odd"), **args))


def test_a_plan_of_another_shape_breaks_nothing() -> None:
    """Its values are shown as they are."""
    (found,) = report(plans=[Plan("team", {"audience": ["user"]}, {"audience": 5, "seasons": ["summer"]})]).entries
    assert found.headline == "Team: audience user → 5, seasons set to summer."
    assert report(plans=[Plan("team", None, {"audience": 5})]).entries[0].headline == "Team: new plan."


KINDS = (
    "Alert",
    "Coupon",
    "EventDestination",
    "Feature",
    "Meter",
    "PortalConfiguration",
    "Price",
    "Product",
    "ProductFeature",
    "PromotionCode",
    "TaxRate",
    "WebhookEndpoint",
)


def test_no_secret_is_shown() -> None:
    """Keys and signing secrets are hidden wherever somebody wrote one: in texts, findings, troubles."""
    leaky = updated(
        TEAM,
        name="sk_live_51abc",
        description="the key is rk_test_9ZZ_x, keep it",
        metadata={"whsec_0123456789": "x", "hook": "(whsec_abcDEF)", "org": "sk_org_live_77"},
        url="https://example.com/?key=sk_test_51abc",
        statement_descriptor="[secret]",
    )
    finding = Finding("x", "high", "Found sk_live_51abc.", "Product", "team", "Remove rk_live_1.", place="sk_test_2")
    suppressed = replace(finding, suppressed=Suppression("whsec_1", "2027-01-31"))
    counting = Counting("refused", "The key sk_live_51abc may not read.")
    change = Change(Source("plan", project="sk_test_3"), (leaky,), trouble=("rk_live_2 is wrong",))
    shown = str(asdict(tell(change, [finding, suppressed], counting)))
    assert shown.count("[secret]") > 10
    for beginning in ("sk_", "rk_", "whsec_"):
        assert beginning not in shown


def test_what_only_looks_like_a_secret() -> None:
    """A word that ends like the beginning of a key is no key."""
    found = told(updated(SEAT, lookup_key="task_monthly", nickname="disk_space and work_time"))
    assert "lookup key team_monthly becomes task_monthly" in found
    assert "disk_space and work_time" in found


def test_two_hidden_secrets_that_differ() -> None:
    """That something hidden changed is said."""
    step = same("Product", "team", name="Team", metadata={"token": "[secret]"})
    later = replace(updated(step, metadata={"token": "[secret]"}), changed=("metadata.token",))
    assert told(later) == golden(
        """
        Team: metadata token changed.
        | Metadata token: [secret] → [secret]
        """
    )


def test_markup_stays_as_it_is() -> None:
    """Texts are not escaped here: each form escapes what its format takes for markup."""
    found = report(updated(TEAM, name="<script>alert('*x*')</script>"))
    assert found.entries[0].title == "<script>alert('*x*')</script>"
