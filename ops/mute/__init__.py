"""``python -m ops mute``: alarms tell nobody for a while, and at its end what is still on."""
