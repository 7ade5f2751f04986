"""``python -m ops drill STACK``: does a notification of each alarm arrive where it should?"""
