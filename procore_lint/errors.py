"""What the user can put right: the base of every error whose message is shown as it stands."""

from __future__ import annotations


class UserError(Exception):
    """A mistake in an option, a configuration, a file or a repository; the exit code is 2."""
