"""What a request may be refused with: a status of HTTP and a sentence that says what to do."""

from watchword.core.errors import PictureError, WatchwordError

BAD, FORBIDDEN, ABSENT, LATE, MISSING, LARGE, STRANGE, BUSY = 400, 403, 404, 408, 409, 413, 415, 503
UNREADABLE = 422


class Refusal(WatchwordError):
    """A request that is not answered as asked."""

    def __init__(self, status: int, message: str) -> None:
        """status: of HTTP."""
        super().__init__(message)
        self.status = status


def status_of(error: WatchwordError) -> int:
    """Return the status of HTTP of an error."""
    if isinstance(error, Refusal):
        return error.status
    return UNREADABLE if isinstance(error, PictureError) else BAD
