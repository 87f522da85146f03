"""What `init` does: a commented settings file and a database."""

from __future__ import annotations

from pathlib import Path

from config.settings import example_text, find_settings_file
from tracker.cli import say, tell
from tracker.context import App
from tracker.files import shown_path, write_file
from tracker.storage.engine import mask_url

DEFAULT_FILE = "conventions.toml"


def set_up(app: App) -> None:
    """Write the settings file where there is none, make or upgrade the database, say so."""
    file = Path(app.config) if app.config else None
    if file is None:
        found = find_settings_file(None, app.environ, Path.cwd())
        file = found or Path(DEFAULT_FILE)
    if file.exists():
        tell(
            say(
                f"Réglages : {shown_path(file)} existe, il est gardé.",
                f"Settings: {shown_path(file)} exists and is kept.",
            )
        )
    else:
        write_file(file, example_text().encode())
        tell(
            say(
                f"Réglages : {shown_path(file)} écrit ; à compléter.",
                f"Settings: {shown_path(file)} written; to be completed.",
            )
        )
    engine = app.engine(create=True, upgrade=True)
    engine.dispose()
    tell(say(f"Base : {mask_url(engine.url)} prête.", f"Database: {mask_url(engine.url)} ready."))
