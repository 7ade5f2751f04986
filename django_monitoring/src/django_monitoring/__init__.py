"""Metrics, health endpoints and JSON logs of a Django service, made for CloudWatch.

Importing the package imports nothing else, so that the names of the metrics
(``django_monitoring.contract``) can be read where there is no Django.
"""
