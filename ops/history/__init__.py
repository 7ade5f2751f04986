"""What CloudWatch recorded, kept beyond its own retention: fetching, the archive, files."""
