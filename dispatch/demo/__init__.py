"""The sample company as an installation of its own."""
