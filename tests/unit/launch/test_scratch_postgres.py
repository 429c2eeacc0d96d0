from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from launch.install.debian_packages import postgresql_programs
from launch.scratch_postgres import scratch_postgres


@pytest.mark.skipif(postgresql_programs() is None, reason="no PostgreSQL on this machine")
def test_a_server_is_there_with_a_password_only_while_it_is_wanted() -> None:
    with scratch_postgres() as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            connection.execute(text("CREATE TABLE kept (id int)"))
            assert connection.execute(text("SHOW listen_addresses")).scalar_one() == "127.0.0.1"
        engine.dispose()
        stranger = create_engine(make_url(url).set(password="guess"))
        with pytest.raises(OperationalError):
            stranger.connect()

    assert not folder.exists()
    with pytest.raises(OperationalError):
        create_engine(url).connect()
