"""What the tutorial and the French guide show is what the commands print.

`UPDATE_DOCUMENTS=1 pytest tests/acceptance/test_documents.py` rewrites them; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from documents import run_document

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["docs/tutorial.md", "docs/fr/guide.md"])
def test_document_shows_what_the_commands_print(name, tmp_path):
    path = ROOT / name
    said = path.read_text(encoding="utf-8")
    shown = run_document(said, tmp_path)
    if os.environ.get("UPDATE_DOCUMENTS"):
        path.write_text(shown, encoding="utf-8")
        return
    assert shown == said
