"""Territories: their outlines, and who sees what is in them."""
