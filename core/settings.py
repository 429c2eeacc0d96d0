"""Settings: read once, at start, from `HALO_*` variables and the home's own file; no secret has a default."""

import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.call_hours import call_hours
from core.errors import SettingsError

SETTINGS_FILE = "config/halo.env"

_LAST_PORT = 65_535
STANDBY_PORTS = ["standby_agi_port", "standby_metrics_port"]
"""The ports of the second cti process, which nobody listens on without one."""
SPEECH_FRONTS = 2
"""What Asterisk connects to when callers are heard: two, so that one that ends is no more than half of them."""
_Port = Annotated[int, Field(ge=1, le=_LAST_PORT)]


class Settings(BaseSettings):
    """Everything that differs between two installations. Ports are TCP unless named otherwise; times carry their unit."""

    model_config = SettingsConfigDict(env_prefix="HALO_", extra="ignore", frozen=True)

    home: Path = Field(description="folder of everything this installation writes: database, logs, prompts, sockets")
    bind_address: str = Field("127.0.0.1", description="address every server of ours listens on")
    database_url: str = Field("", description="SQLAlchemy address; empty: SQLite in the home")
    behind_proxy: bool = Field(
        False, description="a proxy on this machine stands before the pages and writes X-Forwarded-For and X-Forwarded-Proto"
    )

    desk_port: _Port = 8080
    redis_port: _Port = 6390
    ami_port: _Port = 5038
    agi_port: _Port = 4573
    standby: bool = Field(False, description="a second cti process stands by, and leads within 3 s when the first dies")
    standby_agi_port: _Port = Field(4574, description="the IVR in the second cti process")
    asterisk_http_port: _Port = Field(8088, description="WebSocket for the browsers' phones")
    sip_port: _Port = Field(5060, description="UDP: trunks and desk phones")
    rtp_first_port: _Port = Field(16000, description="UDP: first media port")
    rtp_last_port: _Port = Field(16999, description="UDP: last media port")
    metrics_port: _Port = Field(9108, description="Prometheus figures of the cti process")
    standby_metrics_port: _Port = Field(9109, description="Prometheus figures of the second cti process")
    speech_first_port: _Port = Field(9210, description="two speech fronts, for Asterisk; then one port for each recogniser")
    speech_processes: int = Field(2, ge=0, le=16, description="recognisers; 0: callers are understood by key alone")

    session_key: SecretStr
    redis_password: SecretStr
    ami_password: SecretStr

    hotline_number: str = Field("1500400", description="the DNIS that callers dial")
    control_number: str = Field(
        "", pattern=r"^\d{0,20}$", description="the DNIS at which supervisors close and reopen the lines; empty: there is none"
    )
    outbound_trunk: str = Field(
        "", pattern=r"^[A-Za-z0-9_-]{0,40}$", description="the SIP endpoint by which customers are called back; empty: by hand only"
    )
    country: str = Field("ID", description="ISO country in which a number without + is read")
    time_zone: str = Field("Asia/Jakarta", description="zone of spoken and shown times")

    ring_timeout_s: float = Field(15, gt=0)
    wrap_up_s: float = Field(60, gt=0)
    presence_lease_s: float = Field(12, gt=0, description="a page that stays silent longer is taken for closed")
    device_grace_s: float = Field(8, gt=0, description="a phone may be away so long (a reload) before its agent is Not Ready")
    resume_call_s: float = Field(60, gt=0, description="a caller is kept so long for an agent whose phone was lost in the talk")
    pop_wait_ms: int = Field(300, ge=0, description="the phone rings when the page has shown the caller, or after this")
    hold_reminder_s: float = Field(90, gt=0, description="who has a caller on hold is reminded of them after this, again and again")
    transfer_wait_s: float = Field(
        30, gt=0, description="a caller who was handed over to an agent waits so long for that one alone, then for the whole queue"
    )
    outside_countries: str = Field(
        "", pattern=r"^([A-Z]{2}(,[A-Z]{2})*)?$", description="ISO countries, besides the home one, that agents may call: SG,MY"
    )
    outside_refused: str = Field(
        "", pattern=r"^(\+\d{1,15}(,\+\d{1,15})*)?$", description="beginnings of numbers that no agent may call: +62809,+62900"
    )

    dial_service_hours: str = Field(
        "mon-sun 08:00-21:00", description="when agents may call customers for a service, on the clock of whoever is called"
    )
    dial_sales_hours: str = Field(
        "mon-sat 09:00-18:00", description="when they may be called to sell something; their consent is needed too"
    )
    dial_not_on_holidays: str = Field(
        "sales", pattern=r"^(|sales|service|sales,service|service,sales)$",
        description="of sales and service: what nobody is called for on a public holiday of their country; empty: neither",
    )  # fmt: skip
    dials_per_hour: int = Field(40, ge=0, description="how many calls an agent may dial by hand in an hour; 0: none")
    dials_per_day: int = Field(200, ge=0, description="the same in 24 hours")
    outside_per_hour: int = Field(12, ge=0, description="how often an agent may have a number outside called in a call, in an hour")
    outside_per_day: int = Field(60, ge=0, description="the same in 24 hours")

    payment_gateway: Literal["", "sandbox"] = Field(
        "", description="who charges cards: sandbox charges nobody, for trying out; empty: no payment by card"
    )
    survey_share: float = Field(0.3, ge=0, le=1, description="share of callers who are asked how the talk was")
    survey_rest_days: float = Field(30, ge=0, description="nobody is asked again within so many days")

    handling_minute_idr: int = Field(1500, ge=0, description="what a minute of an agent's handling costs, for a customer's value")
    text_message_idr: int = Field(400, ge=0, description="what a text message costs, for a customer's value")
    visit_idr: int = Field(75000, ge=0, description="what a technician's visit costs, for a customer's value")

    recordings_kept_days: float = Field(
        90,
        gt=0,
        description="what callers recorded is deleted so many days after their call was made good, comments after they spoke",
    )

    record_talks: bool = Field(
        True, description="talks of callers and agents are recorded; callers are told so before they are in line"
    )
    unrecorded_queues: str = Field(
        "", pattern=r"^([\w-]{1,40}(,[\w-]{1,40})*)?$", description="queues whose talks are not recorded: sales,technical"
    )
    talks_kept_days: float = Field(
        90, gt=0, description="recorded talks are deleted after so many days, but for those on legal hold"
    )
    talks_kept_days_by_queue: str = Field(
        "",
        pattern=r"^([\w-]{1,40}=\d{1,5}(,[\w-]{1,40}=\d{1,5})*)?$",
        description="those of these queues after so many days of their own: billing=365,sales=30",
    )
    pause_recording_s: float = Field(
        120, gt=0, le=3600, description="a recording that an agent paused goes on by itself after this; they are reminded before"
    )
    agents_hear_team: bool = Field(False, description="agents hear the recorded talks of their own team, too")

    closing_recordings_kept_days: float = Field(
        90, gt=0, description="what callers heard of an emergency closing in a person's voice is deleted so many days after its end"
    )
    texts_kept_days: float = Field(
        90, ge=1, description="text messages, with their numbers and words, are deleted after so many days"
    )

    @field_validator("control_number")
    @classmethod
    def _is_no_number_of_callers(cls, number: str, info: ValidationInfo) -> str:
        if number and number == str(info.data.get("hotline_number", "")).lstrip("+"):
            raise ValueError("this is HALO_HOTLINE_NUMBER, which callers dial; supervisors need a number of their own")
        return number

    @field_validator("dial_service_hours", "dial_sales_hours")
    @classmethod
    def _are_hours(cls, text: str) -> str:
        call_hours(text)
        return text

    @model_validator(mode="after")
    def _has_a_port_for_each(self) -> Self:
        """A port has one listener, and Asterisk needs a media port for each call."""
        names = ["desk_port", "redis_port", "ami_port", "agi_port", "asterisk_http_port", "metrics_port"]
        names += STANDBY_PORTS if self.standby else []
        named = [(f"HALO_{name.upper()}", getattr(self, name)) for name in names]
        named += [("a port from HALO_SPEECH_FIRST_PORT on", number) for number in (*self.speech_front_ports, *self.speech_ports)]
        seen: dict[int, str] = {}
        for name, number in named:
            if number in seen:
                raise ValueError(f"{seen[number]} and {name} both have TCP port {number}; each needs its own")
            seen[number] = name
        if max(seen) > _LAST_PORT:
            raise ValueError(
                f"HALO_SPEECH_FIRST_PORT {self.speech_first_port} leaves no port for {self.speech_processes} recognisers"
            )
        if self.rtp_first_port > self.rtp_last_port:
            raise ValueError("HALO_RTP_FIRST_PORT is above HALO_RTP_LAST_PORT")
        if self.rtp_first_port <= self.sip_port <= self.rtp_last_port:
            raise ValueError(
                f"HALO_SIP_PORT {self.sip_port} lies in HALO_RTP_FIRST_PORT to HALO_RTP_LAST_PORT, where calls are heard"
            )
        return self

    @property
    def recordings_folder(self) -> Path:
        """What callers said: messages and comments."""
        return self.home / "recordings"

    @property
    def talks_folder(self) -> Path:
        """Recorded talks, as people hear them."""
        return self.home / "recordings" / "talks"

    def records_talks_of(self, queue: str) -> bool:
        """Whether the talks of this queue's callers are recorded."""
        return self.record_talks and queue not in self.unrecorded_queues.split(",")

    @property
    def talks_kept_days_of(self) -> Mapping[str, float]:
        """The queues whose talks are kept for a time of their own, in days."""
        pairs = (each.split("=") for each in self.talks_kept_days_by_queue.split(",") if each)
        return {queue: float(days) for queue, days in pairs}

    @property
    def asterisk_pid_file(self) -> Path:
        """Where our Asterisk writes its process id."""
        return self.home / "asterisk" / "run" / "asterisk.pid"

    @property
    def speech_sets_folder(self) -> Path:
        """The word graphs of published flows, by id."""
        return self.home / "speech"

    @property
    def messages_folder(self) -> Path:
        """Messages that the records do not have yet."""
        return self.home / "recordings" / "kept"

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.home / 'halo.db'}"

    @property
    def agi_key(self) -> str:
        """What our dialplan says to our AGI server, so that nobody else on the machine can speak as Asterisk: never log it."""
        return hmac.new(self.ami_password.get_secret_value().encode(), b"agi", "sha256").hexdigest()

    @property
    def speech_key(self) -> str:
        """What our Asterisk says to our recognisers, so that nobody else on the machine can have them work: never log it."""
        return hmac.new(self.ami_password.get_secret_value().encode(), b"speech", "sha256").hexdigest()

    @property
    def speech_ports(self) -> tuple[int, ...]:
        """The recognisers' ports, the first one's first."""
        first = self.speech_first_port + SPEECH_FRONTS
        return tuple(range(first, first + self.speech_processes))

    @property
    def speech_front_ports(self) -> tuple[int, ...]:
        """The ports of what Asterisk connects to, the first one's first; none where there are no recognisers."""
        return tuple(range(self.speech_first_port, self.speech_first_port + SPEECH_FRONTS)) if self.speech_processes else ()

    @property
    def arrival_key(self) -> bytes:
        """Signs the interaction ids that a carrier brings back to us with a call: never log it."""
        return hmac.new(self.session_key.get_secret_value().encode(), b"arrival", "sha256").digest()

    @property
    def redis_url(self) -> str:
        """Address of our own Redis, with its password: never log it."""
        return f"redis://:{self.redis_password.get_secret_value()}@127.0.0.1:{self.redis_port}/0"


def default_home() -> Path:
    """`HALO_HOME`, else `var/` beside the packages."""
    return Path(os.environ.get("HALO_HOME") or Path(__file__).resolve().parent.parent / "var").absolute()


def load_settings(home: Path | None = None) -> Settings:
    """Read the settings of the installation in `home`.

    Raises SettingsError that names every missing or wrong setting at once and where to put it.
    """
    place = home or default_home()
    file = place / SETTINGS_FILE
    try:
        return Settings(home=place, _env_file=file)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as problem:
        wrong = "; ".join(f"{_named(error['loc'])}{error['msg']}" for error in problem.errors())
        raise SettingsError(
            f"Settings are missing or wrong: {wrong}.", f"Run ./halo up, or set them in {file} or the environment."
        ) from None
    except PermissionError:
        raise SettingsError(f"{file} may not be read by this user.", "Run halo as the user who set it up.") from None


def _named(place: tuple[int | str, ...]) -> str:
    """The setting that an error is about; nothing where the error itself names several."""
    return f"HALO_{'_'.join(str(part) for part in place).upper()}: " if place else ""
