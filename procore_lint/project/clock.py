"""Clocks and durations: the present, moments, seconds."""

from __future__ import annotations

from procore_lint.values import UNKNOWN, Now, Number, Place, Value, members

_PRESENT = frozenset(
    """time.time time.monotonic time.perf_counter datetime.datetime.now datetime.datetime.utcnow
    datetime.datetime.today django.utils.timezone.now timezone.now arrow.utcnow arrow.now pendulum.now
    pendulum.utcnow pandas.Timestamp.now pandas.Timestamp.utcnow time.time_ns datetime.now datetime.utcnow
    singer_sdk.helpers._util.utc_now calendar.timegm time.gmtime time.localtime
    """.split()
)
_SAME = frozenset(
    """datetime.datetime.fromtimestamp datetime.datetime.utcfromtimestamp datetime.datetime.fromisoformat
    datetime.datetime.strptime dateutil.parser.parse dateutil.parser.isoparse int float round math.floor
    math.ceil abs time.mktime pendulum.parse arrow.get pendulum.from_timestamp max min time.strftime
    django.utils.dateparse.parse_datetime datetime.datetime.combine
    """.split()
)
_SECONDS = {
    "weeks": 604800.0, "days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0,
    "milliseconds": 0.001, "microseconds": 0.000001,
}  # fmt: skip
_ORDER = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
_DURATIONS = frozenset(
    """datetime.timedelta timedelta dateutil.relativedelta.relativedelta pendulum.duration
    pandas.Timedelta""".split()
)


def call(name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value | None:
    """The moment or duration (in seconds) that a function of time gives; None for other functions."""
    if name in _PRESENT:
        return Now()
    if name in _DURATIONS:
        return _duration(args, kwargs, place)
    if name in _SAME and args:
        return args[0]
    return None


def _duration(args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    parts = {**dict(zip(_ORDER, args, strict=False)), **kwargs}
    total = 0.0
    for name, value in parts.items():
        factor = _SECONDS.get(name)
        if factor is None:
            return UNKNOWN
        numbers = [m for m in members(value) if isinstance(m, Number)]
        if len(numbers) != len(members(value)) or not numbers:
            # A duration made of what an answer or a caller says is that value.
            return value
        total += numbers[0].value * factor
    return Number(total, place, "s")
