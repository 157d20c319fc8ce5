"""Built files: found by the manifest, served compressed and for ever, missed with a sentence."""

import gzip
import json
import os
import re
from pathlib import Path

import pytest

from web import assets
from web.assets import AssetsMissing, tags

WEB = Path(__file__).parents[2] / "web"


def write_manifest(dist: Path, manifest: dict) -> Path:
    (dist / ".vite").mkdir(parents=True, exist_ok=True)
    (dist / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    return dist


def test_an_entry_brings_its_style_sheets_and_what_it_imports_once_each(tmp_path: Path):
    """What two chunks share is named once, and style sheets stand in the order of the imports."""
    dist = write_manifest(tmp_path, {
        "main.ts": {"file": "main-1.js", "css": ["main-1.css"], "imports": ["_a.js", "_b.js"]},
        "_a.js": {"file": "a-1.js", "css": ["shared-1.css"], "imports": ["_b.js"]},
        "_b.js": {"file": "b-1.js", "css": ["shared-1.css"]},
    })  # fmt: skip
    assert re.findall(r"dist/([\w.-]+)", tags(dist, "main.ts")) == [
        "shared-1.css", "main-1.css", "b-1.js", "a-1.js", "main-1.js",
    ]  # fmt: skip


def test_an_entry_that_is_a_style_sheet_is_linked(tmp_path: Path):
    """The frame of the pages is a style sheet without a script."""
    dist = write_manifest(tmp_path, {"shell.css": {"file": "assets/shell-1.css"}})
    assert tags(dist, "shell.css") == '<link rel="stylesheet" href="/static/dist/assets/shell-1.css">'


def test_the_manifest_of_a_new_build_is_read_again(tmp_path: Path):
    """While the front end is worked on, the development server keeps running."""
    dist = write_manifest(tmp_path, {"a.css": {"file": "a-1.css"}})
    assert "a-1.css" in tags(dist, "a.css")
    manifest = write_manifest(dist, {"a.css": {"file": "a-2.css"}}) / ".vite" / "manifest.json"
    os.utime(manifest, ns=(1, 1))
    assert "a-2.css" in tags(dist, "a.css")


def test_an_entry_that_was_not_built_is_named(tmp_path: Path):
    """The sentence says which and how to mend it."""
    with pytest.raises(AssetsMissing, match=r"no src/phone/main\.ts.*make run"):
        tags(write_manifest(tmp_path, {}), "src/phone/main.ts")


def test_a_page_without_a_build_says_how_to_build_it(own_app, static: Path):
    """Somebody who started the server from a fresh checkout reads what to do, instead of a traceback."""
    (static / "dist" / ".vite" / "manifest.json").unlink()
    response = own_app.test_client().get("/login")
    assert response.status_code == 503
    assert "make run" in response.get_data(as_text=True)


def test_hashed_files_are_kept_for_ever_and_others_are_not(visitor):
    """A hashed name never changes its content."""
    hashed = visitor.get("/static/dist/assets/phone.js")
    assert hashed.status_code == 200
    assert "immutable" in hashed.headers["Cache-Control"]
    assert hashed.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in hashed.headers
    assert "immutable" not in visitor.get("/static/dist/.vite/manifest.json").headers["Cache-Control"]


def test_a_compressed_copy_is_sent_to_whoever_understands_it(own_app, static: Path):
    """The build writes .gz files; nothing is compressed on request."""
    (static / "dist" / "assets" / "big.js").write_text("x" * 1000)
    (static / "dist" / "assets" / "big.js.gz").write_bytes(gzip.compress(b"x" * 1000))
    assets.init_app(own_app, static)  # files are listed when the application starts
    client = own_app.test_client()
    response = client.get("/static/dist/assets/big.js", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == b"x" * 1000


def test_templates_name_only_entries_that_vite_builds():
    """A page whose entry is missing in vite.config.ts would answer 503."""
    config = (WEB / "frontend" / "vite.config.ts").read_text(encoding="utf-8")
    named = {
        entry
        for template in (WEB / "templates").rglob("*.html")
        for entry in re.findall(r'assets\("([^"]+)"\)', template.read_text(encoding="utf-8"))
    }
    assert {"src/phone/main.ts", "src/report/main.ts", "src/shared/base.css"} <= named
    assert [entry for entry in sorted(named) if f'"{entry}"' not in config] == []
