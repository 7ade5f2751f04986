"""What CloudWatch recorded, kept beyond its own retention: the archive, fetching, files."""
