"""A monitor learns without signing in whether the installation is fit to work."""

import json
import urllib.request


def test_a_running_installation_says_that_all_is_well(server: str):
    with urllib.request.urlopen(f"{server}/healthz") as response:
        report = json.load(response)
    assert response.status == 200
    assert report["scheduler_alive"] is True
    assert report["migrations_current"] is True
    assert report["last_plan"]
