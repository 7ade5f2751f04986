"""The review as one HTML file."""

from review.report.page import report_html, write_report

__all__ = ["report_html", "write_report"]
