"""Plots as SVG by hand: a few lines in, no dependency."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _RIGHT = 720, 420, 70, 40, 50, 190
_COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

Points = Sequence[tuple[float, float]]


def lines(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """A plot with logarithmic axes; each series is a list of (x, y), all above 0."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    x_axis, y_axis = _decades(min(xs), max(xs)), _decades(min(ys), max(ys))

    def x_of(value: float) -> float:
        return _LEFT + _share(value, x_axis) * (_WIDTH - _LEFT - _RIGHT)

    def y_of(value: float) -> float:
        return _HEIGHT - _BOTTOM - _share(value, y_axis) * (_HEIGHT - _TOP - _BOTTOM)

    made = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="24" font-size="15">{escape(title)}</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 12}">{escape(across)}</text>',
        f'<text x="14" y="{_TOP - 4}">{escape(up)}</text>',
    ]
    for power in range(x_axis[0], x_axis[1] + 1):
        x = x_of(10.0**power)
        made.append(f'<path d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
        made.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_number(power)}</text>'
        )
    for power in range(y_axis[0], y_axis[1] + 1):
        y = y_of(10.0**power)
        made.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        made.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(power)}</text>')
    for number, (name, points) in enumerate(series.items()):
        color = _COLORS[number % len(_COLORS)]
        way = "L".join(f"{x_of(x):.1f} {y_of(y):.1f}" for x, y in points)
        made.append(f'<path d="M{way}" fill="none" stroke="{color}" stroke-width="2"/>')
        made += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="{color}"/>' for x, y in points]
        y = _TOP + 10 + number * 18
        made.append(f'<path d="M{_WIDTH - _RIGHT + 14} {y}h18" stroke="{color}" stroke-width="2"/>')
        made.append(f'<text x="{_WIDTH - _RIGHT + 38}" y="{y + 4}">{escape(name)}</text>')
    return "\n".join([*made, "</svg>\n"])


def _decades(low: float, high: float) -> tuple[int, int]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return first, max(last, first + 1)


def _share(value: float, axis: tuple[int, int]) -> float:
    return (math.log10(value) - axis[0]) / (axis[1] - axis[0])


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"
