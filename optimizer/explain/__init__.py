"""Why visits are left out or where they are, and what smallest change would fit those left out."""

from optimizer.explain.alternatives import Alternative, WhyHere, why_here
from optimizer.explain.reasons import explain

__all__ = ["Alternative", "WhyHere", "explain", "why_here"]
