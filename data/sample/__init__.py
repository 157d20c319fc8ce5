"""The sample city and its company: a real city of OpenStreetMap, served by invented people."""
