"""What is in an AWS account, read back: alarms, the topics that they tell, what is in the way."""
