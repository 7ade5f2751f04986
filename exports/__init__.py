"""A stack's alarms and graphs as files for other systems, which show them or judge them."""
