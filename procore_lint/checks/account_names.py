"""Names that speak of a service account, and whose it is: Procore's, or that of another system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.sightings import Sighting
from procore_lint.project.walk import walk

_SERVICE = regex(r"service[_\s-]?account", re.IGNORECASE)


_PER_COMPANY = regex(
    r"(?:credential|secret|client_id|account)s?_?(?:by|per|for|of)_?(?:company|customer|tenant)", re.I
)


class Accounts:
    """Which modules name a service account of Procore's; each is looked through once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._ours: dict[tuple[str, bool], bool] = {}
        self._apart: dict[str, bool] = {}

    def name(self, grant: Sighting, settings: list[str]) -> bool:
        """Whether a name or setting in the grant's module, or one that it uses, says service account.

        `settings` are those that the grant's id and secret are read from. Where they are named otherwise, an
        account with a system's name in front (`LOADER_SERVICE_ACCOUNT`) is that system's.
        """
        if any(_SERVICE.search(name) for name in settings):
            return True
        paths = self._program.reach(grant.place.path)
        return any(self._name_ours(path, named=bool(settings)) for path in paths)

    def are_per_company(self, grant: Sighting) -> bool:
        """Whether a name in the grant's module, or one that it uses, keeps credentials by company."""
        return any(self._keeps_apart(path) for path in self._program.reach(grant.place.path))

    def _keeps_apart(self, path: str) -> bool:
        if path not in self._apart:
            found = names(self._program.modules[path].node.body)
            self._apart[path] = any(_PER_COMPANY.search(name) for name in found)
        return self._apart[path]

    def _name_ours(self, path: str, named: bool) -> bool:
        key = path, named
        if key not in self._ours:
            self._ours[key] = _names_ours(self._program.modules[path], named)
        return self._ours[key]


#: Clouds and clusters whose service accounts are known by files, emails or roles.
_CLOUDS = regex(
    r"google|\bgcp|gcs|gcloud|firebase|firestore|gspread|g_?suite|workspace|bigquery|vertex|sheets?_|drive_"
    r"|k8s|kube|serviceaccount/|azure|\baws|snowflake|databricks|iam\b",
    re.IGNORECASE,
)
#: Such an account is a file or a mail address; Procore's is a client id and a secret.
_FILES = regex(
    r"service[_\s-]?account[_\s-]?(?:file|info|json|path|key|email|b64|base64|yaml|dir)"
    r"|service[_-]?account\.(?:json|ya?ml)|from_service_account|with_service_account",
    re.IGNORECASE,
)
_CLOUD_LIBRARIES = regex(
    r"(?:google|googleapiclient|oauth2client|gspread\w*|firebase_admin|kubernetes\w*|pygsheets|gcsfs)(?:\.|\Z)"
)
_OURS = regex(r"procore|client|secret|company|grant|token", re.IGNORECASE)


#: Who logs in with a user's name and password; a client of Procore's has an id and a secret.
_PERSON = regex(
    r"service[_\s-]?account[_\s-]?(?:user|login|name|pass|pw|dn|upn|uid|mail|principal)", re.IGNORECASE
)
_WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
#: Words around "service account" that say nothing of whose it is.
_NEUTRAL = frozenset(
    """service account accounts serviceaccount get fetch use uses using new make build create load request
    requests authenticate authorize login refresh with via from for by has is as of the a to and or on in not
    client clients id ids secret secrets token tokens auth oauth oauth2 credential credentials creds cred key
    keys grant type kind mode flow company companies tenant customer access provider session manager config
    settings error api app application data payload response url header headers env prod production sandbox
    test default legacy traditional old enabled manual setup
    """.split()
)


def _names_ours(module: ModuleInfo, named: bool) -> bool:
    """Whether a module names a service account that is no other cloud's or system's."""
    found = [
        name for name in names(module.node.body) if _SERVICE.search(name) and not _is_foreign(name, named)
    ]
    if found and any(_CLOUD_LIBRARIES.match(name) for name in _libraries(module.node.body)):
        return any(_OURS.search(name) for name in found)
    return bool(found)


def _is_foreign(name: str, named: bool) -> bool:
    if "procore" in name.lower():
        return False
    if _CLOUDS.search(name) or _FILES.search(name) or _PERSON.search(name):
        return True
    return named and any(word.lower() not in _NEUTRAL for word in _WORD.findall(name))


def _libraries(body: tuple[facts.Stmt, ...]) -> Iterator[str]:
    """The dotted names that a module imports, its functions' imports too."""
    for node, _ in walk(body):
        if isinstance(node, facts.Import) or (isinstance(node, facts.ImportFrom) and not node.level):
            yield node.module


def names(body: tuple[facts.Stmt, ...]) -> Iterator[str]:
    """Identifiers and identifier-like texts (setting names, keys), not prose."""
    for node, _ in walk(body):
        if isinstance(node, facts.Const):
            if isinstance(node.value, str) and len(node.value) < 60 and not re.search(r"\s", node.value):
                yield node.value
        elif isinstance(node, facts.Name):
            yield node.id
        elif (
            isinstance(node, (facts.Attr, facts.Function, facts.Class, facts.Param, facts.Arg)) and node.name
        ):
            yield node.name
