"""Promises to call back."""

from datetime import datetime
from typing import Protocol

from crm.callback_tasks import CallbackWish


class TasksDesk(Protocol):
    def add_callback_task(self, wish: CallbackWish, now: datetime) -> int:
        """Keep that somebody wants to be called back; returns the task's id, the same for the same interaction."""
        ...
