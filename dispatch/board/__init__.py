"""The dispatcher's board: one day with a row for each technician, beside its map and its drafts."""
