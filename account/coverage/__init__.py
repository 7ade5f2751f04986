"""What runs in the account and what is watched, laid over each other."""
