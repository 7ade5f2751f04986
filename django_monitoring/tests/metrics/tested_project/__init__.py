"""A project with tests of its own."""
