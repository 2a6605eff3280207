"""How often a client may speak, and how often it may speak nonsense."""

from delivery.options import Options
from rules.errors import Invalid


class Manners:
    __slots__ = ("_bad", "_bad_since", "_frames", "_frames_since", "_options")

    def __init__(self, options: Options, now: float) -> None:
        self._options = options
        self._frames = self._bad = 0
        self._frames_since = self._bad_since = now

    def count(self, now: float) -> None:
        """One more frame. Raises Invalid (`too_fast`) past the rate."""
        options = self._options
        if now - self._frames_since > options.rate_seconds:
            self._frames, self._frames_since = 0, now
        self._frames += 1
        if self._frames > options.rate_frames:
            seconds = round(options.rate_seconds)
            raise Invalid(f"At most {options.rate_frames} frames in {seconds} seconds.", code="too_fast")

    def forgive(self, now: float) -> bool:
        """One more bad frame; false when that was one too many."""
        if now - self._bad_since > self._options.bad_frame_memory:
            self._bad, self._bad_since = 0, now
        self._bad += 1
        return self._bad < self._options.max_bad_frames
