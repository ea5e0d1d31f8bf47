"""What users see, kept as plain files under `tests/snapshots/`; `--update-snapshots` writes them anew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DIRECTORY = Path(__file__).parent / "snapshots"


@dataclass(frozen=True)
class Snapshot:
    """Compares texts with the files that hold what they must be, or writes these."""

    update: bool

    def __call__(self, text: str, name: str) -> None:
        """Fail unless `text` is exactly what the file `name` holds."""
        path = DIRECTORY / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"no snapshot {name}: run pytest with --update-snapshots and review it"
        assert text == path.read_bytes().decode(), f"differs from snapshot {name}"
