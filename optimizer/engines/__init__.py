"""Engines search; none of them knows a business word or judges its own plans."""
