"""Work behind the calls: what came into the inbox, and what is to be done from time to time."""
