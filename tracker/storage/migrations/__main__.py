"""Write a revision from what changed in `tables.py`, for the developer to read and correct.

    python -m tracker.storage.migrations "Say what changes"   # a new revision
    python -m tracker.storage.migrations --initial            # the first one anew (before release)

The database it compares with is a throw-away one.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from tracker.storage import schema
from tracker.storage.engine import new_engine, writing_connection


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(__doc__ or "")
        return 2
    initial = arguments[0] == "--initial"
    message = "Every table of the first release." if initial else arguments[0]
    versions = schema.MIGRATIONS / "versions"
    if initial:
        for old in versions.glob("c0001*.py"):
            old.unlink()
    number = 1 if initial else len(schema.REVISIONS) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = new_engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        with writing_connection(engine) as connection:
            config = schema.alembic_config(connection)
            if not initial:
                command.upgrade(config, "head")
            command.revision(config, message=message, rev_id=f"c{number:04d}", autogenerate=True)
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
