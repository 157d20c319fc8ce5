"""The script that keeps the phone's page at hand without a network."""

import json
from typing import Any

from flask import Response

from web.access import public
from web.assets import list_files, read_built
from web.technician.views import blueprint

PAGE, WORKER = "src/phone/main.ts", "src/phone/worker.ts"


@blueprint.get("/worker.js")
@public
def worker() -> Any:
    """The built worker after the list of files it keeps: with any new build it is another script, and starts anew."""
    files = json.dumps([*list_files(PAGE), "/static/icon.svg", "/static/phone.webmanifest"])
    answer = Response(f"self.FILES = {files};\n{read_built(WORKER)}", content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/phone"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
