"""Files of technicians, jobs and territories become records, or a full list of what is wrong."""

from data.importers.jobs import read_jobs
from data.importers.result import BadValue, ImportProblem, ImportResult
from data.importers.technicians import read_technicians
from data.importers.territories import read_territories
from data.importers.writing import write_jobs, write_technicians, write_territories

__all__ = [
    "BadValue",
    "ImportProblem",
    "ImportResult",
    "read_jobs",
    "read_technicians",
    "read_territories",
    "write_jobs",
    "write_technicians",
    "write_territories",
]
