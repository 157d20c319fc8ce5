"""Tells addresses outside what happens: signed, again and again until they answer, and visibly given up at last."""
