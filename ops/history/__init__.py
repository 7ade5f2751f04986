"""``python -m ops history``: fetch what CloudWatch recorded, show it, list the firings."""
