"""The life of a job: asked for, promised, planned, done."""
