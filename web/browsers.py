"""Names the browser of a session in a few words, from what it says of itself."""

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
           ("Linux", "Linux"))  # fmt: skip


def name_browser(user_agent: str) -> str:
    """Such as "Firefox on Android"; what is no known browser is named by its first word."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser is None:
        return user_agent.split("/")[0].split(" ")[0] or "An unnamed program"
    return f"{browser} on {system}" if system else browser
