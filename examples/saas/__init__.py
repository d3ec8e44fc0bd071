"""A small application that sells a team plan: sign up, subscribe, invite, use, change seats, cancel."""
