#!/usr/bin/env python3
"""clang-tidy over the project's own files, skipping what has not changed.

A file is clean once for each state of its preprocessed text and of .clang-tidy;
that fact is kept in the cache, because checking everything takes minutes.

usage: tidy.py BUILD_FOLDER CACHE_FOLDER
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOMS = ("engine", "server", "tests")
ROOT = pathlib.Path(__file__).resolve().parents[2]


def own_commands(build: pathlib.Path) -> list[dict]:
    commands = json.loads((build / "compile_commands.json").read_text())
    return [c for c in commands if c["file"].endswith(".cpp") and not c["file"].endswith("_test.cpp")
            and pathlib.Path(c["file"]).is_relative_to(ROOT)
            and pathlib.Path(c["file"]).relative_to(ROOT).parts[0] in ROOMS]


def state_of(command: dict) -> str:
    """A hash of all that the file's findings can depend on."""
    arguments = shlex.split(command["command"])
    if arguments[0].endswith("ccache"):
        arguments = arguments[1:]
    output = arguments.index("-o")
    del arguments[output:output + 2]
    text = subprocess.run([*arguments, "-E", "-P"], cwd=command["directory"], capture_output=True, check=True).stdout
    # Precompiled headers are not in that text; scripts/lib/compile leaves the sum of theirs.
    sums = [pathlib.Path(a + ".sum").read_bytes() for a in arguments if a.endswith(".pch")]
    rules = (ROOT / ".clang-tidy").read_bytes()
    name = pathlib.Path(command["file"]).relative_to(ROOT)
    return hashlib.sha256(b"".join([rules, str(name).encode(), *sums, text])).hexdigest()


def findings(command: dict, build: pathlib.Path, cache: pathlib.Path) -> str:
    stamp = cache / state_of(command)
    if stamp.exists():
        return ""
    run = subprocess.run(["clang-tidy", "--quiet", "-p", str(build), command["file"]], capture_output=True, text=True)
    if run.returncode == 0:
        stamp.touch()
        return ""
    return run.stdout + run.stderr


def main() -> int:
    build, cache = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    cache.mkdir(parents=True, exist_ok=True)
    commands = {c["file"]: c for c in own_commands(build)}.values()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(lambda c: findings(c, build, cache), commands) if text]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
