"""Says a length of time in the words of people who read why a plan breaks a rule."""


def length_words(seconds: int) -> str:
    """To the second, leaving out what is nought: `3 h 3 min 24 s`, `20 min`, `0 s`; `seconds` is not negative."""
    minutes, rest_s = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest_s, "s")) if count]
    return " ".join(parts) or "0 s"
