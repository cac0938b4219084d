#!/usr/bin/env python3
"""clang-tidy over the project's own files, skipping what has not changed.

Most of its time goes into other people's headers, so files that are compiled alike are joined
and read as one; where that finds something, or cannot be compiled (the same name in two files),
each is read alone. What was found clean is kept in the cache by its preprocessed text and the
rules.

usage: tidy.py BUILD_FOLDER CACHE_FOLDER
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

ROOMS = ("engine", "server", "tests")
ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES_TOGETHER = 14


def arguments_of(command: dict) -> list[str]:
    """The compiler's arguments but for what belongs to the file alone."""
    arguments = shlex.split(command["command"])
    if not pathlib.Path(arguments[0]).name.startswith("clang"):
        arguments = arguments[1:]  # scripts/lib/compile
    output = arguments.index("-o")
    del arguments[output:output + 2]
    # Warnings are the compiler's business, and some are wrong for files that are read together.
    return [a for a in arguments if a not in ("-c", "-Werror", command["file"])] + ["-w"]


def own_files(build: pathlib.Path) -> dict[str, dict]:
    """The compile command of each of the project's files, tests of units left out."""
    def is_own(file: pathlib.Path) -> bool:
        return (file.suffix == ".cpp" and not file.name.endswith("_test.cpp") and file.is_relative_to(ROOT)
                and file.relative_to(ROOT).parts[0] in ROOMS)
    commands = json.loads((build / "compile_commands.json").read_text())
    return {c["file"]: c for c in commands if is_own(pathlib.Path(c["file"]))}


def batches(files: dict[str, dict]) -> list[list[str]]:
    """Files that are compiled with the same arguments, some at a time."""
    alike: dict[tuple, list[str]] = {}
    for file, command in files.items():
        alike.setdefault((command["directory"], *arguments_of(command)), []).append(file)
    return [group[i:i + FILES_TOGETHER] for group in alike.values() for i in range(0, len(group), FILES_TOGETHER)]


class Checker:
    def __init__(self, build: pathlib.Path, cache: pathlib.Path, files: dict[str, dict]):
        self.files = files
        self.cache = cache
        self.folder = build / "tidy"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        cache.mkdir(parents=True, exist_ok=True)

    def findings(self, batch: list[str]) -> str:
        """What clang-tidy says of files that are compiled alike."""
        source = self.joined(batch) if len(batch) > 1 else pathlib.Path(batch[0])
        stamp = self.cache / self.state_of(batch, source)
        if stamp.exists():
            return ""
        run = subprocess.run(["clang-tidy", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", str(source), "--",
                              *self.arguments(batch)[1:]], cwd=self.directory(batch), capture_output=True, text=True)
        if run.returncode == 0:
            stamp.touch()
            return ""
        if len(batch) == 1:
            return run.stdout + run.stderr
        found = "".join(self.findings([file]) for file in batch)
        if not found:
            stamp.touch()
        return found

    def joined(self, batch: list[str]) -> pathlib.Path:
        # Copied, not included: the analyzer follows no paths through what is included.
        text = "\n".join(pathlib.Path(file).read_text() for file in batch)
        source = self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.cpp"
        source.write_text(text)
        return source

    def arguments(self, batch: list[str]) -> list[str]:
        return arguments_of(self.files[batch[0]])

    def directory(self, batch: list[str]) -> str:
        return self.files[batch[0]]["directory"]

    def state_of(self, batch: list[str], source: pathlib.Path) -> str:
        """A hash of all that the findings can depend on."""
        arguments = self.arguments(batch)
        text = subprocess.run([*arguments, "-E", "-P", str(source)], cwd=self.directory(batch),
                              capture_output=True, check=True).stdout
        # Precompiled headers are not in that text; scripts/lib/compile leaves the sum of theirs.
        sums = [pathlib.Path(a + ".sum").read_bytes() for a in arguments if a.endswith(".pch")]
        names = "\n".join(str(pathlib.Path(file).relative_to(ROOT)) for file in batch)
        rules = (ROOT / ".clang-tidy").read_bytes()
        return hashlib.sha256(b"".join([rules, names.encode(), *sums, text])).hexdigest()


def main() -> int:
    build = pathlib.Path(sys.argv[1]).resolve()
    files = own_files(build)
    checker = Checker(build, pathlib.Path(sys.argv[2]), files)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(checker.findings, batches(files)) if text]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
