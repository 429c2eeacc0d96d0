"""The database's own manners."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from crm.contact_history import Interaction


def test_an_error_of_the_database_names_no_value(database):
    row = {"id": "i1", "ani": "+628119998887", "reason": "Ibu Sri", "started_at": datetime(2026, 3, 2, tzinfo=UTC)}
    with database.writing() as session:
        session.add(Interaction(**row, customer_id=987_654))
        with pytest.raises(IntegrityError) as raised:
            session.flush()
    assert "interactions" in str(raised.value)
    assert "8119998887" not in str(raised.value)
    assert "Sri" not in str(raised.value)
