"""CloudWatch's alarm semantics as pure functions: would this alarm have fired?

``timeline`` evaluates an alarm over the samples of its metrics; ``decide`` takes one decision on
recent datapoints, as in the tables of AWS's user guide; ``CompositeRule``,
``Suppression`` and ``composite_courses`` are about composite alarms. Times are seconds since 1970
UTC throughout.

Where the documentation leaves something open, a choice is taken and named where it is made:

* ``cloudwatch.timing``: how wide the evaluation range is, and how late data arrives.
* ``Basis.SETTLED``: which of two paragraphs the rule against premature alarms follows, and that
  a datapoint within the threshold rules it out.
* ``Basis.UNSETTLED``: the state while breaching datapoints are too young for that rule.
* ``timeline``: a percentile of too few samples in any of the
  periods that are looked at keeps the state.
* ``statistics``: percentiles are those of the nearest rank.
* ``metric_math``: precedence of operators, and IF where a chosen series has no datapoint.
* ``Suppression.at``: what counts at the very end of a period.
"""

from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.evaluation.course import (
    CompositeChange,
    CompositeCourse,
    composite_course,
    composite_courses,
    in_order,
)
from ecs_monitoring.cloudwatch.evaluation.decision import (
    Basis,
    Decision,
    decide,
)
from ecs_monitoring.cloudwatch.evaluation.series import Sample, Series, epoch_seconds
from ecs_monitoring.cloudwatch.evaluation.signal import Datapoint, signal_of
from ecs_monitoring.cloudwatch.evaluation.summary import Summary, summary
from ecs_monitoring.cloudwatch.evaluation.suppression import Action, SuppressedBy, Suppression
from ecs_monitoring.cloudwatch.evaluation.timeline import Evaluation, evaluation_interval, timeline
from ecs_monitoring.cloudwatch.metric_math import KNOWN_FUNCTIONS, Frame, MathProgram

__all__ = [
    "KNOWN_FUNCTIONS",
    "Action",
    "Basis",
    "CompositeChange",
    "CompositeCourse",
    "CompositeRule",
    "Datapoint",
    "Decision",
    "Evaluation",
    "Frame",
    "MathProgram",
    "Sample",
    "Series",
    "Summary",
    "SuppressedBy",
    "Suppression",
    "composite_course",
    "composite_courses",
    "decide",
    "epoch_seconds",
    "evaluation_interval",
    "in_order",
    "signal_of",
    "summary",
    "timeline",
]
