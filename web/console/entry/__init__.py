"""The pages on which people enter and edit: forms of one row, and lists of which items come and go."""
