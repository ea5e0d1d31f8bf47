from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import procore_lint
from procore_lint.lazy import regex


def test_a_pattern_answers_like_a_compiled_one() -> None:
    pattern = regex(r"pro(core)", re.IGNORECASE)

    assert [match.group(1) for match in pattern.finditer("ProCore procore")] == ["Core", "core"]
    assert pattern.sub("x", "Procore") == "x"
    assert pattern.pattern == r"pro(core)"


def test_a_mistake_shows_at_the_first_use() -> None:
    pattern = regex("(")

    with pytest.raises(re.error):
        pattern.search("")


def test_every_pattern_of_the_package_compiles() -> None:
    seen = 0
    for found in pkgutil.walk_packages(procore_lint.__path__, "procore_lint."):
        if not found.name.endswith("__main__"):
            for value in vars(importlib.import_module(found.name)).values():
                if type(value).__name__ == "_Lazy":
                    assert value.search
                    seen += 1
    assert seen > 80
