"""The unit of work of everything that counts: rows are loaded together, changed in memory, and written in one commit.

All who wait share a transaction. So the cost of the disk is shared as well, and one busy organization is no queue: its
callers are decided one after the other in memory, and its row is written once.
"""
