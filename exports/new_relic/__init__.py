"""New Relic: NRQL alert conditions over the metrics that a metric stream sends."""
