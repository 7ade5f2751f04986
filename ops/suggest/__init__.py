"""``python -m ops suggest``: which threshold would an alarm on this metric need?"""
