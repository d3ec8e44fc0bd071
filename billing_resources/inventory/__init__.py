"""TAKE STOCK: what an account has, as a catalog and as the file that `pulumi import` reads."""
