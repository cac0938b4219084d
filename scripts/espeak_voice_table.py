#!/usr/bin/env python3
"""Writes a C++ table of the voices in a folder of espeak-ng's data:
espeak_voice_table.py DATA_FOLDER OUT.cpp

Where the folder itself is out of reach (a browser) the table says which of its
files a language needs.
"""
import re
import sys
from pathlib import Path

# A dictionary above this size (ru: 8.5 MB) is no price for a few foreign words
# in another language's text.
LARGEST_FOREIGN_DICTIONARY_BYTES = 1_000_000


def attributes(path):
    values = {"language": [], "dictionary": [], "name": []}
    for line in path.read_text("utf-8", "replace").splitlines():
        key, _, value = line.partition(" ")
        if key in values:
            values[key].append(value.split("//")[0].strip())
    return values


def foreign_dictionaries(data, name):
    """The dictionaries that a dictionary's entries hand words over to: in its
    compiled form the phoneme code 21 (phonSWITCH) and a language."""
    content = (data / f"{name}_dict").read_bytes()
    for language in sorted(set(re.findall(rb"\x15([a-z]{2,3})\x00", content))):
        path = data / f"{language.decode()}_dict"
        if path.exists() and path.stat().st_size <= LARGEST_FOREIGN_DICTIONARY_BYTES:
            yield language.decode()


def taken(language, path):
    """yue-Latn-jyutping calls its language yue, as yue itself does."""
    return language != path.name.lower() and any(
        other.name.lower() == language for other in path.parent.iterdir())


def read_voice(data, path):
    values = attributes(path)
    # "en-us 2": a language and how well the voice suits it, 5 by default.
    languages = [(line.lower().split() + ["5"])[:2] for line in values["language"]]
    first = languages[0][0]
    dictionary = (values["dictionary"] or [first.split("-")[0]])[0]
    # Whatever the language, English says what it has no word for.
    dictionaries = dict.fromkeys([dictionary, "en", *foreign_dictionaries(data, dictionary)])
    return {
        "language": path.name.lower() if taken(first, path) else first,
        "name": values["name"][0],
        "file": path.relative_to(data / "lang").as_posix(),
        "aliases": [(path.name.lower(), 0)] + [(name, int(priority)) for name, priority in languages],
        "dictionaries": " ".join(dictionaries),
    }


def best_aliases(voices):
    """Every other name of a language, and the voice that suits it best."""
    best = {}
    for voice in voices:
        for name, priority in voice["aliases"]:
            best.setdefault(name, []).append((priority, voice["language"]))
    languages = {voice["language"] for voice in voices}
    return {name: min(found)[1] for name, found in sorted(best.items()) if name not in languages}


def rows(values):
    return "".join("    {" + ", ".join(f'"{cell}"' for cell in row) + "},\n" for row in values)


def main():
    data = Path(sys.argv[1])
    files = [path for path in (data / "lang").rglob("*") if path.is_file()]
    voices = sorted((read_voice(data, path) for path in files), key=lambda voice: voice["language"])
    columns = ("language", "name", "file", "dictionaries")
    Path(sys.argv[2]).write_text(
        "// Written by scripts/espeak_voice_table.py.\n"
        '#include "engine/speech/espeak_voices.h"\n\n'
        "namespace vivavox {\n\n"
        "static constexpr EspeakVoice voices[] = {\n"
        + rows([voice[column] for column in columns] for voice in voices)
        + "};\n\nstatic constexpr EspeakAlias aliases[] = {\n"
        + rows(best_aliases(voices).items())
        + "};\n\nstd::span<const EspeakVoice> espeak_voices() { return voices; }\n"
        "std::span<const EspeakAlias> espeak_aliases() { return aliases; }\n\n}  // namespace vivavox\n")


main()
