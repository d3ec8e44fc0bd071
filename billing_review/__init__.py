"""REVIEW: what a change of the catalog does to prices, customers and money, read from plans and manifests as data.

Steps (``steps``) come from a plan of Pulumi or from two revisions of a catalog; a report (``report``) says what they
mean; its forms are for the terminal, a pull request, a browser and programs. Nothing here imports another room.
"""
