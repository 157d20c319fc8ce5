"""What differs between a plan that people know and a new one, line by line, and what undoing each line would cost."""

from optimizer.changes.cap import keep_under_cap
from optimizer.changes.layout import Layouts, hold, narrow
from optimizer.changes.places import Change, Place, Places, list_changes, places_of
from optimizer.changes.undo import Undo, Undoing

__all__ = [
    "Change",
    "Layouts",
    "Place",
    "Places",
    "Undo",
    "Undoing",
    "hold",
    "keep_under_cap",
    "list_changes",
    "narrow",
    "places_of",
]
