"""What the API returns, resource by resource, against what the program registered."""

from sandbox.readback.comparison import compared, differences, not_compared

__all__ = ["compared", "differences", "not_compared"]
