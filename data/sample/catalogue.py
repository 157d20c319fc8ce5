"""What the sample company does: its kinds of jobs with times, skills, parts and urgency."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class JobType:
    """One kind of job.

    `minutes` of service (`spread` percent more or less) and `setup` minutes before; `share` is how often it comes
    in among its trade's; `priority` is drawn from a range; `due_hours`, where there is a contract, is how long
    after the start of the day work must have begun; `customers` are the sorts who ask for it; `windowed` is the
    chance that a time window was promised.
    """

    name: str
    trade: str
    minutes: int
    skills: Mapping[str, int]
    share: int
    spread: int = 20
    setup: int = 4
    priority: tuple[int, int] = (15, 40)
    due_hours: tuple[float, float] | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    customers: tuple[str, ...] = ("home", "home", "home", "shop")
    windowed: float = 0.6
    notes: tuple[str, ...] = ("",)


TRADE_SHARES = {"gas": 42, "electricity": 41, "lifts": 22, "internet": 56, "cleaning": 19}
"""Jobs of each trade among 180."""

_HOMES_AND_SHOPS = ("home", "home", "home", "shop")
_BUILDINGS = ("building", "building", "building", "clinic", "hotel")
_SITES = ("shop", "clinic", "school", "hotel", "building")
_AT_HOME = ("", "", "", "Ring twice, the bell is weak.", "Dog in the yard, friendly.", "Call ten minutes before.")
_ON_SITE = ("", "", "Report to the caretaker.", "Park in the yard behind.", "Keys at the reception.")

JOB_TYPES = (
    JobType("Gas leak check", "gas", 35, {"gas": 2}, 2, priority=(96, 100), due_hours=(1.5, 3), windowed=0,
            notes=("Customer smells gas; told to open windows and leave.",)),
    JobType("Boiler repair", "gas", 55, {"gas": 2}, 10, spread=30, priority=(45, 70), due_hours=(6, 10),
            parts={"boiler valve": 1}, customers=("home", "home", "hotel"), notes=_AT_HOME),
    JobType("Boiler service", "gas", 40, {"gas": 1}, 14, parts={"filter set": 1}, notes=_AT_HOME),
    JobType("Gas meter exchange", "gas", 25, {"gas": 1}, 9, parts={"gas meter": 1}, windowed=0.3),
    JobType("Gas installation certificate", "gas", 60, {"gas": 3}, 4, customers=_SITES, notes=_ON_SITE),
    JobType("Power failure", "electricity", 40, {"electricity": 2}, 3, spread=40, priority=(85, 98),
            due_hours=(1.5, 4), windowed=0, customers=("home", "clinic", "shop")),
    JobType("Fuse board replacement", "electricity", 75, {"electricity": 3}, 6, priority=(30, 55),
            parts={"fuse board": 1}, notes=_AT_HOME),
    JobType("Electricity meter exchange", "electricity", 20, {"electricity": 1}, 13,
            parts={"electricity meter": 1}, windowed=0.3),
    JobType("Wiring repair", "electricity", 40, {"electricity": 1}, 14, spread=35, customers=_HOMES_AND_SHOPS,
            notes=_AT_HOME),
    JobType("Car charger installation", "electricity", 80, {"electricity": 2}, 4, parts={"car charger": 1},
            customers=("home", "hotel"), windowed=0.8),
    JobType("Person stuck in lift", "lifts", 25, {"lifts": 2}, 1, priority=(100, 100), due_hours=(0.5, 1),
            windowed=0, customers=("building", "hotel"), notes=("Passenger is calm, on the intercom.",)),
    JobType("Lift fault", "lifts", 50, {"lifts": 2, "electricity": 1}, 7, spread=35, priority=(55, 85),
            due_hours=(2, 6), customers=_BUILDINGS, windowed=0.2, notes=_ON_SITE),
    JobType("Lift inspection", "lifts", 35, {"lifts": 1}, 11, customers=_BUILDINGS, windowed=0.4, notes=_ON_SITE),
    JobType("Lift door repair", "lifts", 60, {"lifts": 2}, 3, priority=(40, 60), parts={"door roller": 2},
            customers=_BUILDINGS, notes=_ON_SITE),
    JobType("Fibre installation", "internet", 55, {"fibre": 2}, 17, parts={"router": 1, "fibre socket": 1},
            customers=_HOMES_AND_SHOPS, windowed=0.85, notes=_AT_HOME),
    JobType("Internet fault", "internet", 35, {"fibre": 1}, 18, spread=35, priority=(30, 55), due_hours=(5, 11),
            customers=_HOMES_AND_SHOPS, windowed=0.6, notes=_AT_HOME),
    JobType("Router exchange", "internet", 20, {"fibre": 1}, 12, setup=3, parts={"router": 1}, windowed=0.5),
    JobType("Business line fault", "internet", 45, {"fibre": 3}, 6, priority=(65, 85), due_hours=(2, 5),
            customers=_SITES, windowed=0.1, notes=_ON_SITE),
    JobType("Ventilation cleaning", "cleaning", 50, {"cleaning": 2}, 7, customers=_SITES, notes=_ON_SITE),
    JobType("Water tank cleaning", "cleaning", 65, {"cleaning": 2, "confined space": 1}, 4, setup=8,
            customers=("building", "school", "hotel"), notes=_ON_SITE),
    JobType("Solar panel cleaning", "cleaning", 40, {"cleaning": 1}, 8, setup=6, windowed=0.3),
    JobType("Clean-up after works", "cleaning", 45, {"cleaning": 1}, 6, customers=("home", "shop", "school")),
)  # fmt: skip

VAN_STOCK: Mapping[str, Mapping[str, int]] = {
    "gas": {"boiler valve": 3, "filter set": 5, "gas meter": 4},
    "electricity": {"fuse board": 2, "electricity meter": 6, "car charger": 2},
    "lifts": {"door roller": 6},
    "fibre": {"router": 8, "fibre socket": 6},
    "cleaning": {},
}
"""How many of each part a van carries for each skill of its driver."""
