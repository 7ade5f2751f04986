"""``python -m ops preview``: what a deployment of a stack would put into AWS."""
