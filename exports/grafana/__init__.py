"""A Grafana dashboard over the CloudWatch data source, and alert rules as a provisioning file.

Shapes as Grafana's own sources have them: the dashboard and the CloudWatch query in
https://www.npmjs.com/package/@grafana/schema, the provisioning file in
https://github.com/grafana/grafana/blob/main/pkg/services/provisioning/alerting/rules_types.go.
"""
