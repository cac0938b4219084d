#!/usr/bin/env python3
"""docs/api.md from shared/openapi.json: written, or with --check compared."""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs/api.md"

HEAD = """# The HTTP API

Made from `shared/openapi.json` by `scripts/lib/route_table.py`; `vivavox serve` shows the whole at `/docs`. Bodies are JSON, numbers are seconds unless
their name ends in `_ms`, unknown fields are ignored, success is 200, and 202 for a job. What is wrong answers 422 with `{"detail":[{"loc","msg","type"}]}`, what is not
there 404, a wrong method 405 with `Allow`, what is busy or away 503 with `Retry-After`.

Streams are WebSockets. A session's client sends `{"type": "patch" | "speech" | "mood" | "gesture" | "ping", "operation_id"?, "client_id"?, "data": {}}`; each
event comes back to all of the session's clients with its number `seq`. `?since=SEQ&epoch=EPOCH` (both as the client last heard them) replays what was missed;
where that is more than is kept, or the session has begun anew, a `resync` with the state comes instead. An avatar's events are numbered by `seq`.

A key goes into `X-API-Key` or `Authorization: Bearer`, and so does a token of `POST /api/v1/tokens`; a browser's WebSocket takes a token, never a key, as
`?access_token=`. What a key lacks answers 401 or 403 with `WWW-Authenticate`, what belongs to another key 404, what quotas have no room for 507.

Lists give `next`: pass it as `?cursor=`, with the same query, for the page that follows, whatever was added or removed meanwhile; it is null at the end. A
cursor of another list answers 400. Avatars, sessions and presets answer with an `ETag`; a change with `If-Match` is made only where that still fits, else 412.

What makes something by POST takes an `Idempotency-Key` (1 to 200 printable characters): sent again with it, the same request of the same owner is answered as it was
(`Idempotency-Replayed: true`) and makes nothing more, also after a restart or where the first answer was lost; another request with that key answers 422. What
failed is done again. Keys are known for a day, the newest 64 MiB of answers.
"""


def fields(operation):
    content = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values()), {}).get("schema", {})
    required = schema.get("required", [])
    names = [f"`{name}`" + ("" if name in required else "?") for name in schema.get("properties", {})]
    query = [
        f"`?{one['name']}=`" for one in operation.get("parameters", []) if one["in"] == "query"
    ]
    return ", ".join(names + query)


def table(document):
    lines = [HEAD]
    for tag in document["tags"]:
        lines += [f"## {tag['description']}", "", "| call | takes | what it does | key |", "|---|---|---|---|"]
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation["tags"]:
                    verb = "WS" if "101" in operation["responses"] else method.upper()
                    lines.append(
                        f"| {verb} `{path}` | {fields(operation)} | {operation['summary']} | {operation['x-scope']} |"
                    )
        lines.append("")
    return "\n".join(lines)


def main():
    text = table(json.loads((ROOT / "shared/openapi.json").read_text()))
    if "--check" not in sys.argv:
        TARGET.write_text(text)
    elif TARGET.read_text() != text:
        sys.exit("docs/api.md is not what shared/openapi.json says: run scripts/lib/route_table.py")


main()
