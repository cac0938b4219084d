#!/usr/bin/env python3
"""Writes Unicode's canonical decompositions and combining classes as a C++
table: nfd_table.py OUT.cpp. All of them, as a Piper voice may know any letter;
Hangul's are computed."""
import sys
import unicodedata
from pathlib import Path

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xD7A4)


def decompositions():
    for c in CODE_POINTS:
        mapping = unicodedata.decomposition(chr(c))
        if mapping and not mapping.startswith("<") and c not in HANGUL:
            first, second = (mapping.split() + ["0"])[:2]
            yield f"    {{0x{c:X}, 0x{first}, 0x{second}}},\n"


def combining_classes():
    """Ranges of one class."""
    first = last = current = 0
    for c in CODE_POINTS:
        found = unicodedata.combining(chr(c))
        if found == current and c == last + 1:
            last = c
            continue
        if current:
            yield f"    {{0x{first:X}, 0x{last:X}, {current}}},\n"
        first, last, current = c, c, found


def main():
    Path(sys.argv[1]).write_text(
        f"// Written by scripts/nfd_table.py from Unicode {unicodedata.unidata_version}.\n"
        '#include "engine/text/nfd_table.h"\n\n'
        "namespace vivavox {\n\n"
        "static constexpr CanonicalDecomposition decompositions[] = {\n"
        + "".join(decompositions()) + "};\n\n"
        "static constexpr CombiningRange combining[] = {\n" + "".join(combining_classes()) + "};\n\n"
        "std::span<const CanonicalDecomposition> canonical_decompositions() { return decompositions; }\n"
        "std::span<const CombiningRange> combining_ranges() { return combining; }\n\n"
        "}  // namespace vivavox\n")


main()
