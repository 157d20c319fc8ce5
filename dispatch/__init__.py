"""The business: what is stored, what may happen and when; plans, scheduled tasks, reports, commands."""
