"""What is done and found at a visit: steps ticked, parts used and missing, notes and photos."""
