"""Benchmarks: ratios against a named floor, measured in one run."""
