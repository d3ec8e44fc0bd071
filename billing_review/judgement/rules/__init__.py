"""The rules, one in each file; ``billing_review.judgement.registry`` lists them with their severities and reasons."""
