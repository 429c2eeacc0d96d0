"""The configuration of our own Redis: on loopback, with a password, every change on disk within a second."""

from pathlib import Path

from core.settings import Settings
from launch.install.stamp import write_whole


def redis_conf_file(home: Path) -> Path:
    """Where it is."""
    return home / "config" / "redis.conf"


def redis_conf(settings: Settings) -> str:
    """Its text. Holds the password."""
    lines = {
        "bind": "127.0.0.1",
        "port": str(settings.redis_port),
        "protected-mode": "yes",
        "requirepass": settings.redis_password.get_secret_value(),
        "daemonize": "no",
        "dir": _quoted(settings.home / "redis"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "logfile": '""',
        "tcp-keepalive": "60",
        "maxmemory-policy": "noeviction",
        "set-proc-title": "no",  # it would overwrite the environment by which `down` knows our processes
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def write_redis_conf(settings: Settings) -> None:
    """Write it for its owner's eyes only."""
    write_whole(redis_conf_file(settings.home), redis_conf(settings), mode=0o600)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
