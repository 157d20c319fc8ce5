"""Tables that the tests of files write."""

from openpyxl import Workbook

ZONE = "America/Santiago"
HEADINGS = ["number", "title", "service", "latitude", "longitude"]
GOOD = ["1", "Boiler", "45", "-29.9", "-71.25"]
BAD = ["2", "Boiler", "soon", "-29.9", "-71.25"]


def write_csv(path, rows, separator=",", encoding="utf-8"):
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    return path


def write_xlsx(path, rows):
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(path)
    return path
