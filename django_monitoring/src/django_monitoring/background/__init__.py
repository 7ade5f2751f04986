"""What is done outside requests: Celery's tasks, Django's own, and management commands."""
