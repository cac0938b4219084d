"""Takes what nobody uses out of compiled materials: functions, structures, the numbers of lines.

Filament's compiler gives every shader all of its library, a third of the text. What a package is made
of: filament's libs/filabridge (MaterialChunkType.h) and libs/filaflat, version 1.9.25.
"""

import re
import struct
from collections.abc import Iterator

CHUNK = struct.Struct("<QI")  # its kind and size
ENTRY = struct.Struct("<BBBI")  # a shader's model, variant and stage, and where it is
HEAD = struct.Struct("<II")  # a shader's letters and lines
GLSL, DICTIONARY = (int.from_bytes(kind, "big") for kind in (b"MAT_GLSL", b"DIC_TEXT"))
FUNCTION = re.compile(rb"^(?!layout)[\w ]* (\w+)\(")
STRUCTURE = re.compile(rb"^struct (\w+)")
WORD = re.compile(rb"[A-Za-z_]\w*")


def pieces(lines: list[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """What a shader declares, one after another: functions and structures with their names."""
    begin, depth = 0, 0
    for at, line in enumerate(lines):
        depth += line.count(b"{") - line.count(b"}")
        is_whole = line.startswith(b"#") or line.endswith((b"}", b";"))
        if depth > 0 or not is_whole:
            continue
        piece = lines[begin : at + 1]
        found = FUNCTION.match(piece[0]) or STRUCTURE.match(piece[0])
        yield (found[1] if found else b""), piece
        begin = at + 1
    if begin < len(lines):
        raise ValueError(f"a shader ends within a declaration: {lines[begin]!r}")


def trimmed(lines: list[bytes]) -> list[bytes]:
    """The shader without what nothing on the way from main() names."""
    declared = list(pieces([line for line in lines if not line.startswith(b"#line")]))
    words = [set(WORD.findall(b"\n".join(piece))) for _, piece in declared]
    named = {b"main"}.union(*(own for (name, _), own in zip(declared, words) if not name))
    while True:
        more = named.union(*(own for (name, _), own in zip(declared, words) if name in named))
        if more == named:
            break
        named = more
    kept = (piece for name, piece in declared if not name or name in named)
    return [line for piece in kept for line in piece]


def read_chunks(package: bytes) -> dict[int, bytes]:
    chunks, at = {}, 0
    while at < len(package):
        kind, size = CHUNK.unpack_from(package, at)
        at += CHUNK.size
        chunks[kind] = package[at : at + size]
        at += size
    return chunks


def trim_package(package: bytes) -> bytes:
    """The package with each of its texts trimmed; one without texts as it is."""
    chunks = read_chunks(package)
    if GLSL not in chunks:
        return package
    dictionary, texts = chunks[DICTIONARY], chunks[GLSL]
    lines = dictionary[4:].split(b"\0")
    (count,) = struct.unpack_from("<Q", texts)
    entries = [ENTRY.unpack_from(texts, 8 + ENTRY.size * i) for i in range(count)]
    base = 8 + ENTRY.size * count
    bodies, places, numbers = b"", {}, {}
    for *_, place in entries:
        if place in places:
            continue
        places[place] = base + len(bodies)
        _, line_count = HEAD.unpack_from(texts, place)
        indices = struct.unpack_from(f"<{line_count}H", texts, place + HEAD.size)
        kept = trimmed([lines[index] for index in indices])
        bodies += HEAD.pack(sum(map(len, kept)) + len(kept) + 1, len(kept))
        bodies += struct.pack(f"<{len(kept)}H", *(numbers.setdefault(line, len(numbers)) for line in kept))
    heads = (ENTRY.pack(*of, places[place]) for *of, place in entries)
    chunks[GLSL] = struct.pack("<Q", count) + b"".join(heads) + bodies
    chunks[DICTIONARY] = struct.pack("<I", len(numbers)) + b"".join(line + b"\0" for line in numbers)
    return b"".join(CHUNK.pack(kind, len(chunk)) + chunk for kind, chunk in chunks.items())
