"""An AWS account: its alarms and the topics that they tell, what is in the way, IAM policies."""
