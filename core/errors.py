"""The errors that people read: each says what happened, where, and the next step."""


class HaloError(Exception):
    """Base of every error of ours.

    `code` is stable and short (for logs, API answers and translations), `message` says what happened
    and where, `next_step` what the reader can do about it. `retryable` says whether the same call may
    succeed when it is simply made again.
    """

    code = "halo_error"
    retryable = False

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class SettingsError(HaloError):
    """A setting is missing or wrong; the message names every one of them at once."""

    code = "settings"


class NotFound(HaloError):
    """There is no such thing, or not for the one who asks."""

    code = "not_found"


class BadInput(HaloError):
    """What came from outside (a file, a form, a header) does not fit; the message names the place."""

    code = "bad_input"


class Unavailable(HaloError):
    """Something that we depend on does not answer just now."""

    code = "unavailable"
    retryable = True
