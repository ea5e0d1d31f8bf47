"""From what a check knows to the replacement that mends it: one file a concern, `Fix | None` each.

Nothing here looks at text or tree: the functions read facts and linked values, and name a replacement
out of the closed union. Where the code at hand does not decide what is right, they give None.

Checks reach these modules as `repairs.headers`, which loads one when it is first needed: most runs have
findings of few rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procore_lint.repairs import (
        accounts as accounts,
    )
    from procore_lint.repairs import (
        carriers as carriers,
    )
    from procore_lint.repairs import (
        downloads as downloads,
    )
    from procore_lint.repairs import (
        fitting as fitting,
    )
    from procore_lint.repairs import (
        handled as handled,
    )
    from procore_lint.repairs import (
        header_help as header_help,
    )
    from procore_lint.repairs import (
        headers as headers,
    )
    from procore_lint.repairs import (
        hosts as hosts,
    )
    from procore_lint.repairs import (
        link_help as link_help,
    )
    from procore_lint.repairs import (
        links as links,
    )
    from procore_lint.repairs import (
        lives as lives,
    )
    from procore_lint.repairs import (
        logins as logins,
    )
    from procore_lint.repairs import (
        matched as matched,
    )
    from procore_lint.repairs import (
        meanings as meanings,
    )
    from procore_lint.repairs import (
        misnamed as misnamed,
    )
    from procore_lint.repairs import (
        moves as moves,
    )
    from procore_lint.repairs import (
        outliving as outliving,
    )
    from procore_lint.repairs import (
        paths as paths,
    )
    from procore_lint.repairs import (
        set_outside as set_outside,
    )
    from procore_lint.repairs import (
        together as together,
    )
    from procore_lint.repairs import (
        token_help as token_help,
    )
    from procore_lint.repairs import (
        tokens as tokens,
    )
    from procore_lint.repairs import (
        uses as uses,
    )
    from procore_lint.repairs import (
        webhooks as webhooks,
    )
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        wanted = f"{__name__}.{name}"
        try:
            return import_module(wanted)
        except ModuleNotFoundError as problem:
            if problem.name != wanted:
                raise  # the module is there, and lacks another
            raise AttributeError(name) from None
