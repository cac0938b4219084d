#!/usr/bin/env python3
"""Packs compiled materials: pack_materials.py OUTPUT FILE...

What nobody uses of them is left out (shader_trimming.py). Most of their text is the same, but lies
farther apart than a browser's gzip looks back.

engine/stage/material_packages.cpp unpacks: the number of materials; of each its name's length,
name and size; then, until all of them are there one after another, so many bytes as they are and
so many that came so many bytes before. Numbers have seven bits a byte, the lowest first; all but
the last byte have the eighth bit set.
"""

import pathlib
import sys

import shader_trimming

SHORTEST = 32  # of what is worth a reference: gzip finds what is shorter


def number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def packed(data: bytes) -> bytes:
    out, seen, at, written = bytearray(), {}, 0, 0
    while at + SHORTEST <= len(data):
        earlier = seen.setdefault(data[at : at + SHORTEST], at)
        if earlier == at:
            at += 1
            continue
        length = SHORTEST
        while at + length < len(data) and data[earlier + length] == data[at + length]:
            length += 1
        out += number(at - written) + data[written:at] + number(length) + number(at - earlier)
        for place in range(at, min(at + length, len(data) - SHORTEST)):
            seen.setdefault(data[place : place + SHORTEST], place)
        at = written = at + length
    return bytes(out) + number(len(data) - written) + data[written:]


def main() -> None:
    output, *files = map(pathlib.Path, sys.argv[1:])
    contents = [shader_trimming.trim_package(file.read_bytes()) for file in files]
    head = number(len(files))
    for file, content in zip(files, contents):
        head += number(len(file.stem)) + file.stem.encode() + number(len(content))
    output.write_bytes(head + packed(b"".join(contents)))


main()
