"""Where one more visit would fit into a plan as it stands, and what that would cost: offers in milliseconds."""

from optimizer.insert.border import NewPlace
from optimizer.insert.offer import Move, Offer, Partner
from optimizer.insert.offers import Offers

__all__ = ["Move", "NewPlace", "Offer", "Offers", "Partner"]
