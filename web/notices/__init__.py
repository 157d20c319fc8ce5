"""Messages to customers: what they ask for, what was told to whom, and in which words."""

from web.notices import texts  # registers its views
from web.notices.views import blueprint

__all__ = ["blueprint", "texts"]
