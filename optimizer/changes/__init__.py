"""What differs between a plan that people know and a new one, line by line, and what undoing each line would cost."""

from optimizer.changes.layout import Layouts, hold, narrow
from optimizer.changes.places import Change, Place, Places, list_changes, places_of
from optimizer.changes.undo import Undo, Undoing

__all__ = ["Change", "Layouts", "Place", "Places", "Undo", "Undoing", "hold", "list_changes", "narrow", "places_of"]
