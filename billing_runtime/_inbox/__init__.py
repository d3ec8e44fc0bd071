"""Webhooks: taken into a durable inbox before Stripe is answered, and worked on by asking Stripe how things are now.

A request goes through `signature` and `notification` (pure), `intake` (on disk, then 200), `processing` (one worker
per customer), and `hooks` (what the application wants to hear). `events/` has a file for each event, with its reason.
"""
