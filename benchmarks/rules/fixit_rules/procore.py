"""The same four rules for Fixit 2."""

from __future__ import annotations

import libcst as cst
from fixit import LintRule


class VapidEndpoint(LintRule):
    MESSAGE = "the Vapid API is gone"

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        if "/vapid/" in node.value:
            self.report(node)


class LegacyApiHost(LintRule):
    MESSAGE = "a legacy host"

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        if "app.procore.com" in node.value or "storage.procore.com" in node.value:
            self.report(node)


class MissingCompanyHeader(LintRule):
    MESSAGE = "a request without headers"

    def visit_Call(self, node: cst.Call) -> None:
        texts = [arg.value.value for arg in node.args if isinstance(arg.value, cst.SimpleString)]
        names = [arg.keyword.value for arg in node.args if arg.keyword is not None]
        if any("api.procore.com" in text for text in texts) and "headers" not in names:
            self.report(node)


class HardcodedTokenLifetime(LintRule):
    MESSAGE = "a token lifetime of two hours"

    def visit_Integer(self, node: cst.Integer) -> None:
        if node.value == "7200":
            self.report(node)
