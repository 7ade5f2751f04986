"""``python -m ops review``: the quarterly review of a stack's alarms, with evidence."""
