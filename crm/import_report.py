"""What became of an import of a file, whatever it holds."""

from dataclasses import dataclass

from core.errors import HaloError
from crm.import_rows import RowError


class ImportConflict(HaloError):
    """Somebody else changed the same rows between reading and writing; nothing was written."""

    code = "import_conflict"
    retryable = True


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows: each was created, updated, unchanged, or has at least one error. Sorted by line."""

    created: int
    updated: int
    unchanged: int
    errors: tuple[RowError, ...]

    @property
    def ok(self) -> bool:
        """Whether every row could be used; the exit code is 0 only then."""
        return not self.errors
