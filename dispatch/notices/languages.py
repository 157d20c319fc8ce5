"""The languages in which people who have no account, or no wish, are told things."""

LANGUAGES = ("en", "es")
