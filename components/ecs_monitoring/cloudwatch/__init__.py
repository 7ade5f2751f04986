"""CloudWatch's own language as plain values: metrics, alarms, widgets, filter patterns."""
