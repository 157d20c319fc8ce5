"""Finds the built scripts and style sheets: Vite's manifest names them, WhiteNoise serves them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent / "static"
NOT_BUILT = "The screens have not been built yet. Run `make run`, or `npm ci && npm run build` in web/frontend."


class AssetsMissing(RuntimeError):
    """The front end has not been built, or was built without this entry."""


def init_app(app: Flask, static: Path = STATIC) -> None:
    """Serve `static` under /static/ and give templates `assets(entry)`."""
    app.extensions["wrenchtime_dist"] = static / "dist"
    app.jinja_env.globals["assets"] = lambda entry: tags(static / "dist", entry)
    if static.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=static,
            prefix="static/",
            max_age=300,
            autorefresh=app.debug,  # else files are listed once: after a build the server starts anew
            allow_all_origins=False,
            immutable_file_test=lambda _path, url: url.startswith("/static/dist/assets/"),
            add_headers_function=_forbid_sniffing,
        )


def _forbid_sniffing(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def tags(dist: Path, entry: str) -> Markup:
    """The link and script tags of one entry, such as `src/phone/main.ts`; its style sheets come first."""
    manifest = _find_entry(dist, entry)
    chunk = manifest[entry]
    imported = _imported_chunks(manifest, entry)
    sheets = [sheet for name in imported for sheet in manifest[name].get("css", [])]
    lines = [f'<link rel="stylesheet" href="/static/dist/{sheet}">' for sheet in dict.fromkeys(sheets)]
    if chunk["file"].endswith(".css"):
        lines.append(f'<link rel="stylesheet" href="/static/dist/{chunk["file"]}">')
    else:
        scripts = [manifest[name]["file"] for name in imported[:-1]]
        lines += [f'<link rel="modulepreload" href="/static/dist/{script}">' for script in scripts]
        lines.append(f'<script type="module" src="/static/dist/{chunk["file"]}"></script>')
    return Markup("\n").join(Markup(line) for line in lines)


def list_files(entry: str) -> list[str]:
    """The addresses of everything that one entry of the running application loads, scripts, sheets and fonts."""
    dist: Path = current_app.extensions["wrenchtime_dist"]
    manifest = _find_entry(dist, entry)
    chunks = [manifest[name] for name in _imported_chunks(manifest, entry)]
    files = [file for one in chunks for file in (one["file"], *one.get("css", []), *one.get("assets", []))]
    return [f"/static/dist/{file}" for file in dict.fromkeys(files)]


def read_built(entry: str) -> str:
    """The built script of one entry, as text."""
    dist: Path = current_app.extensions["wrenchtime_dist"]
    file: str = _find_entry(dist, entry)[entry]["file"]
    return (dist / file).read_text(encoding="utf-8")


def _imported_chunks(manifest: dict[str, Any], entry: str) -> list[str]:
    """The entry and all that it imports at once, what is imported first."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for imported in manifest[name].get("imports", []):
            visit(imported)
        ordered[name] = None

    visit(entry)
    return list(ordered)


def _find_entry(dist: Path, entry: str) -> dict[str, Any]:
    """The manifest, which has that entry. Raises AssetsMissing."""
    manifest = _read_manifest(dist / ".vite" / "manifest.json")
    if entry not in manifest:
        raise AssetsMissing(f"The built front end has no {entry}. {NOT_BUILT}")
    return manifest


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        built_at = path.stat().st_mtime_ns
    except FileNotFoundError as error:
        raise AssetsMissing(NOT_BUILT) from error
    return _parse_manifest(path, built_at)


@cache
def _parse_manifest(path: Path, _built_at: int) -> dict[str, Any]:
    """Read once for each build: the time of the build is part of the cache's key."""
    parsed: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return parsed
