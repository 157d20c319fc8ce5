"""What customers are told about their visits: what, when, in which words, and what became of each message."""
