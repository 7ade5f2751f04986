"""``python -m ops preview STACK --against REF``: what a deployment would change, in words."""
