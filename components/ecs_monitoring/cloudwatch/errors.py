"""The one exception of this package."""


class InvalidValueError(ValueError):
    """A value that CloudWatch would refuse, or accept and never act on.

    The message names the value and says what to write instead.
    """
