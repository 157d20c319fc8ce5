"""Which customer a row means: by name and telephone, however the telephone is written."""

from data.business_records import CustomerRecord
from data.importers import CONTRACTS, CUSTOMERS, World

WITHOUT = CustomerRecord("Hotel", id=1)
WITH = CustomerRecord("Hotel", "+56 9 1234 5678", id=2)


def read(tmp_path, lines, known):
    path = tmp_path / "customers.csv"
    path.write_text("name,phone\n" + "\n".join(lines))
    return CUSTOMERS.read_file(path, World("UTC"), known, keep_good=True)


def test_a_telephone_written_in_another_way_is_the_same(tmp_path):
    """Also in a contract of the customer; another number is another customer's."""
    told = read(tmp_path, ["Hotel,+56912345678", "Hotel,+56 9 9999 9999"], [WITH])
    assert [one.id for one in told.records] == [2, None]
    path = tmp_path / "contracts.csv"
    path.write_text("name,starts_on,customer,customer_phone\nGold,2026-01-01,Hotel,(+56) 912345678\n")
    world = World("UTC", customers=[WITHOUT, WITH])
    assert CONTRACTS.read_file(path, world).records[0].customer_id == 2


def test_a_telephone_of_a_customer_who_had_none_makes_no_double(tmp_path):
    """The only one of that name, so that jobs and contracts stay with one customer; the next number is another's."""
    told = read(tmp_path, ["Hotel,1", "Hotel,2"], [WITHOUT, WITH])
    assert (told.problems, [one.id for one in told.records]) == ((), [1, None])


def test_of_several_without_a_telephone_none_is_guessed(tmp_path):
    told = read(tmp_path, ["Hotel,1"], [WITHOUT, CustomerRecord("Hotel", id=3)])
    assert [one.id for one in told.records] == [None]


def test_numbers_without_digits_are_compared_as_they_are(tmp_path):
    told = read(tmp_path, ["Hotel,ask Ana"], [CustomerRecord("Hotel", "ask Bo", id=4)])
    assert [one.id for one in told.records] == [None]
