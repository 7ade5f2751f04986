"""What the history of a stack's alarms speaks for: the review, its evidence, and its report."""
