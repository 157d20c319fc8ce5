"""What managers read: the numbers of days and people."""
