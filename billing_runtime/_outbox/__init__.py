"""Usage on its way to Stripe: from rows that were written with each decision to meter events that Stripe has taken."""
