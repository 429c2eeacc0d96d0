"""The service level, by the glossary's one formula, for wallboard and planner alike."""


def service_level(answered_within: int, offered: int, not_counted: int) -> float | None:
    """Answered within T / (offered - those that do not count: short abandons), 0 to 1; None when nothing counts."""
    counted = offered - not_counted
    return min(1.0, answered_within / counted) if counted > 0 else None
