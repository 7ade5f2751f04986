"""``python -m ops export``."""
