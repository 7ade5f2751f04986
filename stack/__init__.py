"""A stack as files and as a run: its config, the program run in process, what it registered."""
