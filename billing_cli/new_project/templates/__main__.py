"""What this project provisions: the catalog, in every stack."""

from __future__ import annotations

import billing_resources as billing

billing.deploy_catalog("stacks/catalog.yaml")
