"""This program's own settings; nothing of the component package is called so."""

CLUSTER = "shop-cluster"
SERVICES = {"web": "shop-web", "worker": "shop-worker"}
ON_CALL = ["oncall@example.com"]
