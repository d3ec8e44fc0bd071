"""A catalog with every section that came after the first release."""

CATALOG = """
version: 1
currency: usd
features:
  sso: {lookup_key: sso, name: Single sign-on}
  audit: {lookup_key: audit-log, name: Audit log}
plans:
  team:
    name: Team
    entitlements: [sso, audit]
    prices:
      seat: {unit_amount: 1200, recurring: month, seats: purchased}
      yearly: {unit_amount: 12000, recurring: year, seats: follow}
products:
  support: {name: Support, entitlements: [audit], prices: {monthly: {unit_amount: 100, recurring: month}}}
coupons:
  summer: {id: SUMMER, percent_off: "12.50", duration: repeating, duration_in_months: 3, applies_to: [team]}
  five: {amount_off: 500, name: Five off}
promotion_codes:
  summer: {promotion: summer, code: SUMMER26, restrictions: {minimum_amount: 1000}}
  five: {promotion: {coupon: five}}
portal:
  self-service:
    features:
      invoice_history: {enabled: true}
      subscription_update:
        enabled: true
        default_allowed_updates: [price, quantity]
        products:
          - {product: team, prices: [team.seat], adjustable_quantity: {enabled: true}}
          - {product: support, prices: [support.monthly]}
tax_rates:
  vat: {display_name: VAT, percentage: "19.0", inclusive: true, country: DE}
event_destinations:
  meter-errors:
    name: Meter errors
    enabled_events: [v1.billing.meter.error_report_triggered]
    webhook_endpoint: https://app.example.com/stripe/thin
webhook_endpoints:
  app: {url: https://app.example.com/s, enabled_events: [invoice.paid]}
"""
