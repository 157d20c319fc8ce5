"""A day that goes otherwise than planned: what happened, what is done about it, and who will be late."""
