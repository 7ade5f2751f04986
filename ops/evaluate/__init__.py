"""``python -m ops evaluate``: would this alarm have fired on that history?"""
