"""The call center of an Israeli bank in 1999, half hour by half hour (A. Mandelbaum, A. Sakov and S. Zeltyn, Technion)."""

import csv
import gzip
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from core.errors import BadInput
from workforce.day_history import DayHistory

FILE = "calls_6min_1999.csv.gz"
_EPOCH = date(1970, 1, 1)


def bank_calls(folder: Path) -> DayHistory:
    """The year, from a folder that holds the file. Handling times are not in it. Raises BadInput where it is not there."""
    file = folder / FILE
    if not file.exists():
        raise BadInput(f"{file} is not there.", "Give the folder of the Technion's data, by --data.")
    counts: dict[date, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day = counts.setdefault(_EPOCH + timedelta(days=int(row["Date"])), np.zeros(240))
            day[int(row["u"]) - 1] += float(row["calls"] or 0)
    offered = np.array([counts[day].reshape(48, 5).sum(axis=1) for day in sorted(counts)])
    return DayHistory("bank", 30, min(counts), offered, np.zeros_like(offered), np.zeros_like(offered))
