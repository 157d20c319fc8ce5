"""Recurring work: when it falls due, which jobs it becomes, and how much of it is coming."""
