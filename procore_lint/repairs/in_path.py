"""Whether a request's path says the company's id that a fix would write down."""

from __future__ import annotations

from procore_lint.project.events import Request
from procore_lint.repairs.company import Company
from procore_lint.values import Hole, Parameter, Text, members


def is_in_path(request: Request, company: Company) -> bool:
    """Whether the request's path names the same parameter as its company: `/companies/{company_id}/...`."""
    if not company.parameter:
        return False
    for member in members(request.url):
        if not isinstance(member, Text) or not _names_company(member, company):
            return False
    return True


def _names_company(text: Text, company: Company) -> bool:
    template = text.template
    at = template.find("/companies/\0")
    if at < 0:
        return False
    offset = at + len("/companies/")
    for part in text.parts:
        if offset == 0 and isinstance(part, Hole):
            value = part.value
            return value == Parameter(company.function, company.parameter)
        offset -= 1 if isinstance(part, Hole) else len(part.text)
    return False
