"""Clocks and durations: the present, moments, seconds."""

from __future__ import annotations

import re

from msgspec.structs import replace

from procore_lint.lazy import regex
from procore_lint.project.libraries import cron
from procore_lint.values import UNKNOWN, Choice, Now, Number, Piece, Place, Text, Value, join, members

_PRESENT = frozenset(
    """time.time time.monotonic time.perf_counter datetime.datetime.now datetime.datetime.utcnow
    datetime.datetime.today django.utils.timezone.now timezone.now arrow.utcnow arrow.now pendulum.now
    pendulum.utcnow pandas.Timestamp.now pandas.Timestamp.utcnow time.time_ns datetime.now datetime.utcnow
    singer_sdk.helpers._util.utc_now calendar.timegm time.gmtime time.localtime
    """.split()
)
#: What frameworks of every kind call their own function that tells the present.
_NAMED = frozenset({"now", "utcnow", "utc_now", "now_utc", "now_datetime"})
_SAME = frozenset(
    """datetime.datetime.fromtimestamp datetime.datetime.utcfromtimestamp datetime.datetime.fromisoformat
    datetime.datetime.strptime dateutil.parser.parse dateutil.parser.isoparse round math.floor
    math.ceil abs time.mktime pendulum.parse arrow.get pendulum.from_timestamp time.strftime
    django.utils.dateparse.parse_datetime datetime.datetime.combine
    """.split()
)
_SECONDS = {
    "weeks": 604800.0, "days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0,
    "milliseconds": 0.001, "microseconds": 0.000001,
}  # fmt: skip
_DIGITS = regex(r"\s*\d+(?:\.\d+)?\s*", re.ASCII)
_NUMBERS = frozenset({"int", "float", "decimal.Decimal", "Decimal"})
_TRIGGERS = frozenset({"IntervalTrigger", "CronTrigger", "crontab", "from_crontab"})
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
    if name in _NUMBERS and args:
        return number(args[0], place)
    if name in _SAME and args:
        return args[0]
    if name in ("max", "min") and args:  # bounds of what is not constant: `max(60, expires_in - 120)`
        return next((value for value in args if not isinstance(value, Number)), args[0])
    library, _, tail = name.rpartition(".")
    if tail in _NAMED and library and not library.startswith("<"):
        return Now()
    return _trigger(tail, args, kwargs, place) if tail in _TRIGGERS else None


def _trigger(tail: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value | None:
    """The period of a scheduler's trigger, where the project decides it."""
    if tail == "IntervalTrigger":
        return _duration(args, kwargs, place)
    if tail == "from_crontab" and args:
        line = args[0].plain if isinstance(args[0], Text) else None
        seconds = cron.of_line(line) if line else None
        return Number(seconds, place, "s") if seconds else None
    named = dict(zip(("minute", "hour", "day_of_week"), args, strict=False)) if tail == "crontab" else {}
    given = {**named, **kwargs}
    fields = cron.fields(given)
    return Number(cron.period(fields), place, "s") if len(fields) == len(given) else None


def _duration(args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    parts = {**dict(zip(_ORDER, args, strict=False)), **kwargs}
    if not parts.keys() <= _SECONDS.keys():
        return UNKNOWN
    if len(parts) == 1:
        name, value = next(iter(parts.items()))
        return _scaled(value, _SECONDS[name])
    total = 0.0
    for name, value in parts.items():
        numbers = [m for m in members(value) if isinstance(m, Number)]
        if len(numbers) != len(members(value)) or not numbers:
            return value
        total += numbers[0].value * _SECONDS[name]
    return Number(total, place, "s")


def _scaled(value: Value, factor: float) -> Value:
    """A duration in seconds; one made of what an answer or a caller says is that value."""
    if isinstance(value, Number):
        return Number(value.value * factor, value.place, "s")
    if isinstance(value, Choice):
        return join(_scaled(member, factor) for member in value.members)
    return value


def shifted(
    name: str, receiver: Value, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Number | None:
    """How far arrow's `shift`, pendulum's `add` and their likes move the present."""
    if name not in ("shift", "add", "subtract") or not isinstance(receiver, Now) or not kwargs:
        return None
    moved = _duration(args, kwargs, place)
    if not isinstance(moved, Number):
        return None
    return replace(moved, value=-moved.value) if name == "subtract" else moved


def moved(name: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Number | None:
    """How far a library's function moves the present: `add_to_date(now(), hours=2)`, `Datetime.add`."""
    if name.rpartition(".")[2] not in ("add_to_date", "add"):
        return None
    if len(args) != 1 or not isinstance(args[0], Now):
        return None
    given = {key: value for key, value in kwargs.items() if key in _SECONDS}
    by = _duration([], given, place) if given else None
    return by if isinstance(by, Number) else None


def number(value: Value, place: Place) -> Value:
    """`int(value)`: the number that a text of digits says (`int(os.getenv("LIFE", "5400"))`)."""
    if isinstance(value, Choice):
        return join(number(member, place) for member in value.members)
    if isinstance(value, Text) and value.plain and _DIGITS.fullmatch(value.plain):
        piece = value.parts[0]
        return Number(float(value.plain), piece.place if isinstance(piece, Piece) else place)
    return value
