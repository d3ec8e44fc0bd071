"""A small API that answers questions with a language model, as far as each organization's plan allows it."""
