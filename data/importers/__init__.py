"""Files of technicians, jobs and territories become records, or a full list of what is wrong."""

from data.importers.catalogue import ABSENCES, HOLIDAYS, JOB_TYPES, PARTS
from data.importers.customers import ASSETS, CONTRACTS, CUSTOMERS
from data.importers.jobs import read_jobs
from data.importers.result import BadValue, ImportProblem, ImportResult
from data.importers.sheet import Sheet, World
from data.importers.technicians import TECHNICIANS, read_technicians
from data.importers.territories import read_territories
from data.importers.times import DateOrder
from data.importers.writing import write_jobs, write_technicians, write_territories

__all__ = [
    "ABSENCES",
    "ASSETS",
    "CONTRACTS",
    "CUSTOMERS",
    "HOLIDAYS",
    "JOB_TYPES",
    "PARTS",
    "TECHNICIANS",
    "BadValue",
    "DateOrder",
    "ImportProblem",
    "ImportResult",
    "Sheet",
    "World",
    "read_jobs",
    "read_technicians",
    "read_territories",
    "write_jobs",
    "write_technicians",
    "write_territories",
]
