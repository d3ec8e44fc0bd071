"""Units lent out in advance, so that most decisions need neither the disk nor the network.

A lease is a reservation in the store; Redis hands its units out, in slices, to processes that count them down in memory
and tell the store what they used. Everything that could be lost is reserved: what nobody tells is given back.
"""
