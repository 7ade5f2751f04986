"""Datadog: monitors and a dashboard over the metrics of its AWS integration."""
