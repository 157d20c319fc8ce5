"""The people who visit customers: who there is, who is away, who can be called."""
