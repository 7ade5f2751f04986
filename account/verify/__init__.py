"""Whether what a stack would deploy finds in the account what it needs; reads only."""
