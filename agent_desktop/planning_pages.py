"""What the planner's pages of forecasts and staff share: who may, on what records, and how a wrong field is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from zipfile import is_zipfile

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from agent_desktop.days import zone_here
from agent_desktop.roles import user_here
from agent_desktop.services import services
from agent_desktop.texts import _
from core.errors import BadInput, NotFound
from workforce.planning_sources import Sources
from workforce.table_file import check_unpacked

FORMATS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
T = TypeVar("T")
_MOST_UNPACKED_MB = 8  # some hundred thousand cells


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the planner's pages."""

    label: str
    address: str
    here: bool


def tabs() -> list[Tab]:
    """The planner's pages, for the head of each."""
    known = (
        (_("Intervals"), "planner.page", ("planner.page",)),
        (_("Forecasts"), "forecasts.page", ("forecasts.page", "forecasts.result")),
        (_("Staff"), "staffing.page", ("staffing.page",)),
        (_("Rosters"), "rosters.page", ("rosters.page", "roster_page.page", "roster_rules.page", "contracts.page")),
        (_("Requests"), "roster_asks.page", ("roster_asks.page",)),
        (_("Against what came"), "forecast_held.page", ("forecast_held.page",)),
        (_("The day"), "the_day.page", ("the_day.page",)),
    )
    return [Tab(label, url_for(endpoint), request.endpoint in within) for label, endpoint, within in known]


def sources_here() -> Sources:
    """The records that forecasts are made of."""
    here = services()
    return Sources(here.database, zone_here(), here.settings.country, here.clock)


def actor_here() -> str:
    """Who asks, as it is kept."""
    user = user_here()
    return f"{user.name} ({user.login})"


def wrong_fields(faults: Mapping[str, str]) -> ResponseReturnValue:
    """What is wrong with which field, in words; the page shows each at its place."""
    first = next(iter(faults.values()))
    error = {"code": "planning_faults", "message": first, "next_step": "", "retryable": False}
    return jsonify(error=error, faults=dict(faults)), 400


def day_field(text: str) -> date:
    """A day that a page sends. Raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("That is not a day.", "Use the form 2025-01-31.") from None


def written(name: str, write: Callable[[Path], None]) -> Response:
    """A table to be saved, in the form that the address asks for (`?form=xlsx`): the same files as the commands write."""
    form = request.args.get("form", "csv")
    if form not in FORMATS:
        raise NotFound("There is no such form of a table.", "Use csv or xlsx.")
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{form}"
        write(file)
        content = file.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, mimetype=FORMATS[form], headers=headers)


def brought(read: Callable[[Path], T]) -> T:
    """What the file in the body of this request holds, read as the commands read it. Raises BadInput that names row and column."""
    form = "xlsx" if request.get_data()[:2] == b"PK" else "csv"
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{form}"
        file.write_bytes(request.get_data())
        return read_brought(file, read)


def read_brought(file: Path, read: Callable[[Path], T]) -> T:
    """What a planner's file holds. Raises BadInput also for a workbook that unpacks to more than a page has time for."""
    if file.suffix == ".xlsx" and is_zipfile(file):
        check_unpacked(file, _MOST_UNPACKED_MB)
    return read(file)


def number_field(fields: Mapping[str, Any], name: str) -> float | None:
    """A number or nothing. Raises BadInput."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"The field {name} is no number.", "Load the page again.")
    return float(value)
