"""Operators' tools: ``python -m ops --help``."""
