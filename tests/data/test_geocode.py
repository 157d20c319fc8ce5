"""Addresses are looked up among the streets of a network."""

import pytest

from data.geocode import StreetIndex
from data.travel import sample_road_graph


@pytest.fixture(scope="module")
def index():
    """The streets of the sample city."""
    return StreetIndex(sample_road_graph().network)


def test_a_street_is_found_whatever_its_case_accents_and_number(index):
    plain = index.find("Henry Ford")
    assert plain == pytest.approx((-29.917, -71.247), abs=0.01)
    assert index.find("HENRY FÓRD 1234") == plain
    assert index.find("henry ford n° 12 b, La Serena") == plain


def test_an_unknown_street_is_not_found(index):
    assert index.find("Nowhere Lane 3") is None
    assert index.find("") is None


def test_a_name_that_several_distant_streets_bear_is_not_guessed(index):
    """Los Aromos is a street of more than one district."""
    assert index.find("Los Aromos 12") is None
