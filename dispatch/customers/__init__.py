"""Customers, where they are, and everything that was ever done for them."""
