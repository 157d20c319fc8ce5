"""Files in and out: each format reads a document into a `Problem` and writes a `Plan`; no logic, no file access."""
