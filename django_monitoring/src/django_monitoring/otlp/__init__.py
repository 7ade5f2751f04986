"""Publishes records by the OpenTelemetry protocol: to a collector, or to CloudWatch itself."""

from .sink import OtlpSink

__all__ = ["OtlpSink"]
