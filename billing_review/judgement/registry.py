"""Every rule: its name, its function, how severe its findings are unless the project says otherwise, and why."""

from __future__ import annotations

from billing_review.judgement.rule import Rule
from billing_review.judgement.rules.alert_starts_anew import alert_starts_anew
from billing_review.judgement.rules.alert_without_listener import alert_without_listener
from billing_review.judgement.rules.audience_narrowed import audience_narrowed
from billing_review.judgement.rules.audience_without_plan import audience_without_plan
from billing_review.judgement.rules.billing_period_changed import billing_period_changed
from billing_review.judgement.rules.charging_changed import charging_changed
from billing_review.judgement.rules.currency_missing import currency_missing
from billing_review.judgement.rules.default_price_lost import default_price_lost
from billing_review.judgement.rules.destructive_step import destructive_step
from billing_review.judgement.rules.discount_everything import discount_everything
from billing_review.judgement.rules.discount_larger import discount_larger
from billing_review.judgement.rules.feature_removed import feature_removed
from billing_review.judgement.rules.limit_lowered import limit_lowered
from billing_review.judgement.rules.lookup_key_lost import lookup_key_lost
from billing_review.judgement.rules.lookup_key_missing import lookup_key_missing
from billing_review.judgement.rules.lookup_key_moved import lookup_key_moved
from billing_review.judgement.rules.meter_split import meter_split
from billing_review.judgement.rules.overage_billed import overage_billed
from billing_review.judgement.rules.plan_removed import plan_removed
from billing_review.judgement.rules.portal_archived_price import portal_archived_price
from billing_review.judgement.rules.price_decrease import price_decrease
from billing_review.judgement.rules.price_free import price_free
from billing_review.judgement.rules.price_increase import price_increase
from billing_review.judgement.rules.price_removed import price_removed
from billing_review.judgement.rules.rotation_due import rotation_due
from billing_review.judgement.rules.rotation_undone import rotation_undone
from billing_review.judgement.rules.seat_minimum_changed import seat_minimum_changed
from billing_review.judgement.rules.seat_terms_changed import seat_terms_changed
from billing_review.judgement.rules.signing_secret_changed import signing_secret_changed
from billing_review.judgement.rules.suppression_expired import suppression_expired
from billing_review.judgement.rules.suppression_idle import suppression_idle
from billing_review.judgement.rules.tax_behavior_changed import tax_behavior_changed
from billing_review.judgement.rules.tax_rate_changed import tax_rate_changed
from billing_review.judgement.rules.tier_gap import tier_gap
from billing_review.judgement.rules.tier_jump import tier_jump
from billing_review.judgement.rules.trial_shortened import trial_shortened
from billing_review.judgement.rules.unreviewed_drift import unreviewed_drift
from billing_review.judgement.rules.volume_cliff import volume_cliff
from billing_review.judgement.rules.webhook_event_lost import webhook_event_lost
from billing_review.judgement.rules.webhook_event_missing import webhook_event_missing

RULES = (
    # What customers pay.
    Rule("price-increase", price_increase, "medium", "New customers pay more than the project lets pass (10 %)."),
    Rule("price-decrease", price_decrease, "info", "Less comes in; medium from −90 %, which may be a lost digit."),
    Rule("price-free", price_free, "high", "What was paid costs nothing any more."),
    Rule("currency-missing", currency_missing, "high", "Customers of that currency cannot buy any more."),
    Rule("billing-period-changed", billing_period_changed, "medium", "Bills come at other times, with other totals."),
    Rule("charging-changed", charging_changed, "medium", "The same amount is multiplied by something else."),
    Rule("tax-behavior-changed", tax_behavior_changed, "medium", "The same figure is another price."),
    Rule("tax-rate-changed", tax_rate_changed, "low", "Running subscriptions keep the archived rate."),
    Rule("tier-gap", tier_gap, "medium", "Some quantities have no bound, no amount, or are free in between."),
    Rule("tier-jump", tier_jump, "low", "Tenfold or back again from tier to tier is often a slip of the pen."),
    Rule("volume-cliff", volume_cliff, "low", "A larger quantity costs less in all than a smaller one."),
    Rule("seat-minimum-changed", seat_minimum_changed, "medium", "Small teams are billed for seats they do not have."),
    Rule("seat-terms-changed", seat_terms_changed, "medium", "Members beyond the maximum are refused."),
    Rule("trial-shortened", trial_shortened, "low", "What pages and mails promise is not true any more."),
    Rule(
        "discount-larger", discount_larger, "medium", "A coupon or code takes more off, for longer or for more people."
    ),
    Rule("discount-everything", discount_everything, "high", "Whoever learns the code pays nothing, ever."),
    # What customers have.
    Rule("limit-lowered", limit_lowered, "medium", "Customers get less, or are refused; at once if the price stays."),
    Rule("overage-billed", overage_billed, "medium", "Customers who stopped at a limit run up a bill beyond it."),
    Rule("feature-removed", feature_removed, "medium", "Customers lose what they bought; at once if the price stays."),
    Rule(
        "plan-removed",
        plan_removed,
        "medium",
        "Customers are left on a plan that is gone; high where some were counted.",
    ),
    Rule("price-removed", price_removed, "low", "It is not for sale any more; medium where customers are on it."),
    Rule("audience-without-plan", audience_without_plan, "high", "Who has no subscription has no plan at all."),
    Rule("audience-narrowed", audience_narrowed, "low", "Users or organizations cannot get the plan any more."),
    # What applications find.
    Rule("lookup-key-lost", lookup_key_lost, "high", "Applications that ask for the key find no price."),
    Rule("lookup-key-moved", lookup_key_moved, "medium", "Applications that ask for the key sell something else."),
    Rule("lookup-key-missing", lookup_key_missing, "low", "The price cannot be found the way that its siblings are."),
    Rule("default-price-lost", default_price_lost, "medium", "Nothing is sold where nobody says which price."),
    Rule("portal-archived-price", portal_archived_price, "high", "Customers cannot switch to what the portal offers."),
    # What is counted and heard.
    Rule("meter-split", meter_split, "high", "Usage of one period lies on two meters, and bills miss a part of it."),
    Rule(
        "webhook-event-lost",
        webhook_event_lost,
        "high",
        "The application goes on with what was true; low for other events.",
    ),
    Rule(
        "webhook-event-missing",
        webhook_event_missing,
        "medium",
        "The application never learns what the runtime lives by.",
    ),
    Rule("alert-without-listener", alert_without_listener, "medium", "An alert fires and nobody hears it."),
    Rule("alert-starts-anew", alert_starts_anew, "info", "A new alert knows no usage from before."),
    Rule(
        "signing-secret-changed", signing_secret_changed, "medium", "Events are refused until the application knows it."
    ),
    Rule("rotation-due", rotation_due, "info", "A secret that is being changed is valid until somebody ends it."),
    Rule("rotation-undone", rotation_undone, "medium", "The new secret goes, and the old one stays."),
    # What goes past the review.
    Rule(
        "destructive-step", destructive_step, "high", "A live stack loses an object; medium where another replaces it."
    ),
    Rule("unreviewed-drift", unreviewed_drift, "medium", "Somebody changed it at Stripe, where nobody reviews."),
)
LAST = (
    Rule("suppression-expired", suppression_expired, "low", "What it was written for counts again."),
    Rule("suppression-idle", suppression_idle, "info", "It hides nothing now, and may hide something later."),
)
"""Those that look at what the others found."""
BY_NAME = {rule.name: rule for rule in (*RULES, *LAST)}
