"""Files of territories tell names, zones, outlines and telephones, and what they have no column for."""

from data.importers import read_territories, write_territories
from data.records import TerritoryRecord


def test_a_territory_that_no_list_could_name_is_refused_on_its_line(tmp_path):
    """As a second territory of somebody it would be two, and in a loan the name of another."""
    path = tmp_path / "areas.csv"
    path.write_text('name,zone\nCoast,UTC\n"Santiago, Centro",UTC\n')
    [wrong] = read_territories(path).errors
    assert (wrong.number, wrong.column) == (3, "name")
    assert read_territories(path, known={"Santiago, Centro"}).errors == (), "it has its name already"


def test_a_file_of_territories_tells_where_their_customers_call(tmp_path):
    """None without the column; what nobody can dial is refused on its line."""
    path = tmp_path / "areas.csv"
    write_territories(path, [TerritoryRecord("Town", "UTC", phone="051 221 0000"), TerritoryRecord("Coast", "UTC")])
    assert [one.phone for one in read_territories(path).records] == ["051 221 0000", ""]
    path.write_text("name,zone\nTown,UTC\n")
    assert read_territories(path).records[0].phone is None
    path.write_text("name,zone,phone\nTown,UTC,call Ana\nCoast,UTC,112\n")
    [wrong] = read_territories(path).errors
    assert (wrong.number, wrong.column, wrong.what) == (2, "phone", "'call Ana' is no telephone number")


def test_of_a_known_territory_a_file_need_not_tell_the_zone_nor_the_outline(tmp_path):
    """It says that it does not tell them; of a new one something must say the zone."""
    path = tmp_path / "areas.csv"
    path.write_text("name,phone\nTown,112\n")
    [town] = read_territories(path, known={"Town"}).records
    assert (town.zone, town.untold) == ("", {"zone", "polygon"})
    assert read_territories(path).errors[0].what == "nothing says its time zone"
    path.write_text("name,zone,polygon\nTown,UTC,\n")
    assert read_territories(path, known={"Town"}).records[0].untold == frozenset()
