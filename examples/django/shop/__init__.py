"""A small shop that measures itself."""
