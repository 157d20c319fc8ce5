"""OR-Tools' routing library alone: cheapest insertion, then its guided local search."""

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from tests.bench.engines.peer import Found
from tests.bench.instances import Instance


def prepare() -> None:
    """Nothing to compile."""


def run(instance: Instance, time_limit_s: float, threads: int, seed: int) -> Found:
    """One thread, it has no more; the search has no seed."""
    assert threads == 1, "the routing library searches with one thread"
    homes = [instance.home(shift) for shift in range(len(instance.shifts))]
    manager = pywrapcp.RoutingIndexManager(len(instance.travel_s), len(homes), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    travel = instance.travel_s.tolist()
    service = [visit.service_s for visit in instance.visits] + [0] * (len(travel) - len(instance.visits))
    busy = [[leg_s + service[origin] for leg_s in row] for origin, row in enumerate(travel)]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel))
    loads = [visit.demand for visit in instance.visits] + [0] * (len(travel) - len(instance.visits))
    capacities = [shift.capacity for shift in instance.shifts]
    model.AddDimensionWithVehicleCapacity(model.RegisterUnaryTransitVector(loads), 0, capacities, True, "load")
    latest_s = max(shift.end_s for shift in instance.shifts)
    model.AddDimension(model.RegisterTransitMatrix(busy), latest_s, latest_s, False, "time")
    time = model.GetDimensionOrDie("time")
    for index, visit in enumerate(instance.visits):
        node = manager.NodeToIndex(index)
        time.CumulVar(node).SetRange(visit.open_s, visit.close_s)
        able = [shift for shift in range(len(homes)) if instance.can(shift, index)]
        model.VehicleVar(node).SetValues([-1, *able])
        model.AddDisjunction([node], instance.price(index))
    for index, shift in enumerate(instance.shifts):
        time.CumulVar(model.Start(index)).SetRange(shift.start_s, shift.end_s)
        time.CumulVar(model.End(index)).SetRange(shift.start_s, shift.end_s)
        if shift.longest_s is not None:
            time.SetSpanUpperBoundForVehicle(shift.longest_s, index)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(time_limit_s * 1_000))
    solution = model.SolveWithParameters(search)
    assert solution is not None, "leaving everything out is always a plan"
    return Found([read_route(model, manager, solution, shift) for shift in range(len(homes))])


def read_route(model, manager, solution, shift: int) -> list[int]:
    """The visits of one vehicle in their order."""
    route, index = [], solution.Value(model.NextVar(model.Start(shift)))
    while not model.IsEnd(index):
        route.append(manager.IndexToNode(index))
        index = solution.Value(model.NextVar(index))
    return route
