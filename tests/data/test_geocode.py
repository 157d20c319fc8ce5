"""Addresses are looked up among the streets of a network."""

import pytest

from data.geocode import SeveralPlaces, StreetIndex
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
    """Los Aromos is a street of more than one district: there are addresses to choose from, each in another place."""
    with pytest.raises(SeveralPlaces) as several:
        index.find("Los Aromos 12, La Serena")
    choices = several.value.choices
    assert len(choices) > 2
    assert all(one.startswith("Los Aromos 12, near ") and one.endswith(", La Serena") for one in choices)
    assert len({index.find(one) for one in choices}) == len(choices)
    assert "'Los Aromos 12, near " in several.value.mend


def test_a_street_is_found_near_another_in_the_words_of_four_languages(index):
    """What leads nowhere is passed over."""
    found = index.find("Los Aromos 12, near Lautaro")
    for words in ("los aromos, esquina LAUTARO", "Los Aromos 12, esq. Lautaro 7", "Los Aromos, Ecke Lautaro"):
        assert index.find(words) == found
    assert index.find("Henry Ford 12, near Nowhere Lane") == index.find("Henry Ford")


def test_every_street_is_found_or_has_places_to_choose_from(index):
    """Of the whole city, none is refused without a way to say which is meant."""
    network = sample_road_graph().network
    several = 0
    for name in {network.names[one] for one in network.name.tolist() if one}:
        try:
            assert index.find(name) is not None, name
        except SeveralPlaces as found:
            several += 1
            places = [index.find(one) for one in found.choices]
            assert None not in places, name
            assert len(set(places)) == len(places) > 1, name
    assert several > 200
