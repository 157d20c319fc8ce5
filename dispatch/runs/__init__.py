"""Runs of tasks: who asked, which process does it, how far it is, how it ended."""
