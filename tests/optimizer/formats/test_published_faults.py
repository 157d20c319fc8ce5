"""Wrong files of published sets: all that is wrong at once, each with its line or path and its remedy."""

import pytest

from optimizer import ProblemError
from optimizer.formats import hhcrsp, solomon, trsp, vrplib
from tests.optimizer.formats import small_files as files

# the reader, the right file, what is changed to what, where it is said to be wrong, and what is said
WRONG = [
    (solomon, files.SOLOMON, "VEHICLE\n", "", "input", "no section VEHICLE"),
    (solomon, files.SOLOMON, "  2          10\n", "", "line 3", "VEHICLE holds 0 lines"),
    (solomon, files.SOLOMON, "  2          10\n", "  2\n", "line 5", "give 2"),
    (solomon, files.SOLOMON, "  2          10\n", "  0 10\n", "line 5", "1 or more"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   4   5.5", "line 11", "the demand is 5.5"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   x   5", "line 11", "y is 'x'"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   nan   5", "line 11", "y is 'nan'"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   1e-99999   5", "line 11", "at most 6 decimals"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   1e99999   5", "line 11", "y is '1e99999'"),
    (solomon, files.SOLOMON, "1   3   4   5", "one   3   4   5", "line 11", "the number is 'one'"),
    (solomon, files.SOLOMON, "1   3   4   5", "1   3   5", "line 11", "has 6 columns"),
    (solomon, files.SOLOMON, "20    60", "60    20", "line 12", "due at 20, before it is ready at 60"),
    (solomon, files.SOLOMON, "20    60", "20.25    60", "line 12", "at most 1 decimals"),
    (solomon, files.SOLOMON, "20    60", "-20    60", "line 12", "use 0 or more"),
    (solomon, files.SOLOMON, "  3   1   1", "  2   1   1", "line 13", "on line 12 already"),
    (solomon, files.SOLOMON, "  0   0   0   0 ", "  7   0   0   0 ", "line 10", "begin with the depot"),
    (vrplib, files.VRPTW, "TYPE : VRPTW", "TYPE : TSP", "line 2", "only VRPTW and SDVRPTW"),
    (vrplib, files.VRPTW, "EUC_2D", "GEO", "line 7", "only EUC_2D"),
    (vrplib, files.VRPTW, "NAME", "DISTANCE", "line 1", "DISTANCE is not understood"),
    (vrplib, files.VRPTW, "VEHICLES : 2", "VEHICLES : two", "line 4", "'two'"),
    (vrplib, files.VRPTW, "DIMENSION : 4", "DIMENSION : 5", "line 3", "there are 4 nodes"),
    (vrplib, files.VRPTW, "CAPACITY : 10\n", "", "input", "neither CAPACITY nor CAPACITY_SECTION"),
    (vrplib, files.VRPTW, "DEMAND_SECTION", "PICKUP_SECTION", "line 13", "PICKUP_SECTION is not understood"),
    (vrplib, files.VRPTW, "DEMAND_SECTION\n1 0\n", "DEMAND_SECTION\n", "line 13", "no line for node 1"),
    (vrplib, files.VRPTW, "2 3 4\n", "2 3 4 5\n", "line 10", "give 3"),
    (vrplib, files.VRPTW, "3 6 8\n", "2 6 8\n", "line 11", "2 is on line 10 already"),
    (vrplib, files.VRPTW, "3 20 60", "3 60 20", "line 21", "swap the two"),
    (vrplib, files.VRPTW, "DEPOT_SECTION\n1\n", "DEPOT_SECTION\n9\n", "line 24", "depot 9 has no coordinates"),
    (vrplib, files.VRPTW, "DEPOT_SECTION\n1\n", "DEPOT_SECTION\n1\n2\n", "line 23", "names 2 depots"),
    (vrplib, files.SDVRPTW, "2\t3\t4\nEOF", "2\t3\nEOF", "line 30", "no vehicle may serve node 4"),
    (vrplib, files.SDVRPTW, "2\t3\t4\nEOF", "2\t3\t4\t9\nEOF", "line 32", "9 is no customer"),
    (vrplib, files.SDVRPTW, "2\t3\t4\nEOF", "EOF", "line 30", "holds 1 vehicles, VEHICLES is 2"),
    (vrplib, files.SDVRPTW, "VEHICLES: 2", "VEHICLES: 900000", "line 27", "VEHICLES is 900000"),
    (trsp, files.TRSP, "INFO\n", "", "input", "no section INFO"),
    (trsp, files.TRSP, "2       2       1       1", "2       2       1", "line 5", "give 4"),
    (trsp, files.TRSP, "2       2       1       1", "5       2       1       1", "input", "5 technicians"),
    (trsp, files.TRSP, "[0]\t[]\t[1]\n2", "[0]\t[1]\n2", "line 10", "give number, x, y"),
    (trsp, files.TRSP, "[0]\t[]\t[1]\n2", "[0]\t[]\t[1,1]\n2", "line 10", "names 2 spare parts"),
    (trsp, files.TRSP, "[0]\t[]\t[1]\n2", "[3]\t[]\t[1]\n2", "line 10", "names skill 3"),
    (trsp, files.TRSP, "[0]\t[]\t[1]\n2", "[0]\t[x]\t[1]\n2", "line 10", "a tool is 'x'"),
    (trsp, files.TRSP, "4    10    8 ", "7    10    8 ", "line 13", "is row 4, but has number 7"),
    (trsp, files.TRSP, "50     60", "60     50", "line 14", "swap the two"),
    (trsp, files.TRSP, "0      100    0      [0]", "0      100    7      [0]", "line 10", "no request"),
    (trsp, files.TRSP, "0      100    0      [0]", "0      200    0      [0]", "line 10", "depot is shut"),
    (hhcrsp, files.HHCRSP, '"id": "p2"', '"id": "p1"', "patients", "'p1' is given more than once"),
    (hhcrsp, files.HHCRSP, '"id": "p2", ', "", "patients[1].id", "is missing"),
    (hhcrsp, files.HHCRSP, "[0, 8]", "[8, 0]", "patients[1].time_window", "swap the two"),
    (hhcrsp, files.HHCRSP, "[0, 8]", "[0, true]", "patients[1].time_window[1]", "give a number"),
    (hhcrsp, files.HHCRSP, "[0, 8]", "[0, NaN]", "patients[1].time_window[1]", "give a number"),
    (hhcrsp, files.HHCRSP, "[0, 8]", "8", "patients[1].time_window", "is no list"),
    (hhcrsp, files.HHCRSP, '"type": "simultaneous"', '"type": "soon"', "patients[0].synchronization.type", "'soon'"),
    (hhcrsp, files.HHCRSP, ', "distance": [5, 10]', "", "patients[2].synchronization.distance", "is missing"),
    (hhcrsp, files.HHCRSP, '["s2"]}]', '["s9"]}]', "caregivers[1].abilities[0]", "not among the services"),
    (hhcrsp, files.HHCRSP, '"service": "s2", "duration": 5}, {"service": "s1"',
     '"service": "s1", "duration": 5}, {"service": "s1"', "patients[2].required_caregivers", "'s1' twice"),
    (hhcrsp, files.HHCRSP.replace(', "default_duration": 5', ""), '"s1", "duration": 5', '"s1"',
     "patients[0].required_caregivers[0].duration", "is missing"),
    (hhcrsp, files.HHCRSP, '"id": "c2"', '"id": "c2", "shift": [0, 9]', "caregivers[1].shift", "is not understood"),
    (hhcrsp, files.HHCRSP, "[9, 2, 6, 0]]", "[9, 2, 6, -1]]", "distances[3][3]", "from 0"),
    (hhcrsp, files.HHCRSP, ", [9, 2, 6, 0]]", "]", "distances", "give 4"),
    (hhcrsp, files.HHCRSP, "[9, 2, 6, 0]]", "[9, 2, 6]]", "distances[3]", "give 4 numbers"),
    (hhcrsp, files.HHCRSP, "10.5, 4, 9]", "10.1234567, 4, 9]", "input", "at most 6 decimals"),
]  # fmt: skip


def faults_of(module, text):
    with pytest.raises(ProblemError) as caught:
        module.read(text)
    return caught.value.faults


@pytest.mark.parametrize(("module", "text", "old", "new", "where", "said"), WRONG)
def test_fault_says_where_what_and_how_to_mend(module, text, old, new, where, said):
    assert text.count(old) >= 1, "the change must change something"
    faults = faults_of(module, text.replace(old, new, 1))
    assert any(fault.where == where and said in f"{fault.what}; {fault.mend}" for fault in faults), faults


@pytest.mark.parametrize(
    ("module", "text", "changes", "count"),
    [
        (solomon, files.SOLOMON, (("3   4   5", "x   4   y"), ("20    60", "60    20")), 3),
        (vrplib, files.VRPTW, (("3 6 8", "3 a b"), ("2 0 50", "2 50 0"), ("VEHICLES : 2", "VEHICLES : 0")), 4),
        (trsp, files.TRSP, (("50     60", "60     50"), ("[0]\t[0]\t[1]", "[5]\t[6]\t[1]")), 3),
        (hhcrsp, files.HHCRSP, (("[0, 8]", "[8, 0]"), ('"type": "simul', '"type": "sim'), ("10.5", "-1")), 3),
    ],
)
def test_all_that_is_wrong_is_said_at_once(module, text, changes, count):
    for old, new in changes:
        text = text.replace(old, new, 1)
    assert len(faults_of(module, text)) == count
