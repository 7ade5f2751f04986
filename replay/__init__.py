"""Alarms over long histories: what they did, and what any threshold would have done.

The same answers as ``cloudwatch.evaluation`` gives one evaluation at a time, computed with numpy
over a whole history at once. Pure: no AWS, no Pulumi, no files.
"""
