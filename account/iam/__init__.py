"""The IAM policies of a stack: of the roles that preview and deploy it, and of its operators."""
