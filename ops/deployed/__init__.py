"""What a stack has in AWS, read back: alarms, the topics that they tell, what is in the way."""
