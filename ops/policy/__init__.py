"""``python -m ops policy``: what the roles that preview and deploy a stack may do."""
