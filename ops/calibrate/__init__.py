"""``python -m ops calibrate``: how far back CloudWatch looks, and how late its data is."""
