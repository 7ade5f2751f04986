"""What is wrong with what was given."""


class EvaluateError(Exception):
    """A file or time cannot be used; the message says where and what to write instead."""
