"""A Redis of the benchmark's own, set up to keep its data as Halo's does, gone afterwards."""

import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from core.errors import HaloError
from launch.install.debian_packages import find_program
from tests.conftest import free_port


@contextmanager
def scratch_redis() -> Iterator[str]:
    """Start it and give its address. Raises HaloError when there is no Redis on this machine."""
    program = find_program("redis-server")
    if not program:
        raise HaloError("Redis is missing.", "run 'sudo ./halo install'.")
    port, password, folder = free_port(), secrets.token_hex(16), tempfile.mkdtemp(prefix="halo-benchmark-redis-")
    durable = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", password, "--dir", folder, *durable],
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        client = redis.Redis.from_url(url, retry=Retry(ConstantBackoff(0.05), 200))
        client.ping()
        client.close()
        yield url
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
