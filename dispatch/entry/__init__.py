"""What people enter and edit, by page and by file: both are rows of one table, read and refused by the same words."""
