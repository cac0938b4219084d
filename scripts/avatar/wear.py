"""One look of a family's file as a file of its own: python3 scripts/avatar/wear.py FAMILY.glb LOOK|'{"hair": "bun"}' OUT.glb

Does what an engine does with `extras.vivavox`: hides nodes, adds the shape to every mesh, tints materials.
"""
import json
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np

from vmath import vertex_normals

SIZES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
KINDS = {5126: "<f4", 5123: "<u2", 5122: "<i2", 5121: "u1", 5120: "i1", 5125: "<u4"}
HEADER_BYTES, CHUNK_BYTES = 12, 8


def read(path):
    """(document, binary) of a GLB."""
    with open(path, "rb") as f:
        data = f.read()
    size = struct.unpack_from("<I", data, HEADER_BYTES)[0]
    start = HEADER_BYTES + CHUNK_BYTES
    return json.loads(data[start:start + size]), bytearray(data[start + size + CHUNK_BYTES:])


def write(path, doc, binary):
    text = json.dumps(doc, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = HEADER_BYTES + 2 * CHUNK_BYTES + len(text) + len(binary)
    with open(path, "wb") as f:
        f.write(struct.pack("<III", 0x46546C67, 2, total) + struct.pack("<II", len(text), 0x4E4F534A) + text
                + struct.pack("<II", len(binary), 0x004E4942) + bytes(binary))


def rows(doc, binary, accessor):
    """Floats (n, c) of an accessor that is not sparse."""
    a = doc["accessors"][accessor]
    view, kind, columns = doc["bufferViews"][a["bufferView"]], np.dtype(KINDS[a["componentType"]]), SIZES[a["type"]]
    stride = view.get("byteStride", kind.itemsize * columns)
    start = view.get("byteOffset", 0) + a.get("byteOffset", 0)
    grid = np.ndarray((a["count"], columns), kind, bytes(binary), start, (stride, kind.itemsize))
    whole = np.iinfo(kind).max if a.get("normalized") else 1
    return grid.astype(float) / whole


def chosen(traits, wishes):
    """{trait: value's entry} with defaults for what is not wished."""
    return {name: trait["values"][wishes.get(name, trait["default"])] for name, trait in traits.items()}


def _append(doc, binary, array):
    binary += bytes(-len(binary) % 4)
    doc["bufferViews"].append({"buffer": 0, "byteOffset": len(binary), "byteLength": array.nbytes})
    binary += array.astype("<f4").tobytes()
    return len(doc["bufferViews"]) - 1


def _replace(doc, binary, accessor, values):
    doc["accessors"][accessor] = {"bufferView": _append(doc, binary, values.astype("<f4")), "componentType": 5126, "type": "VEC3",
                                  "count": len(values), "min": values.astype("<f4").min(0).tolist(), "max": values.astype("<f4").max(0).tolist()}


def _reshape(doc, binary, mesh, weights):
    primitive, names = mesh["primitives"][0], mesh.get("extras", {}).get("targetNames", [])
    shapes = [(i, weights[name]) for i, name in enumerate(names) if name in weights]
    if not shapes:
        return
    attributes = primitive["attributes"]
    v = rows(doc, binary, attributes["POSITION"])
    for i, weight in shapes:
        v = v + weight * rows(doc, binary, primitive["targets"][i]["POSITION"])
    tris = rows(doc, binary, primitive["indices"]).astype(int).reshape(-1, 3)
    _replace(doc, binary, attributes["POSITION"], v)
    _replace(doc, binary, attributes["NORMAL"], vertex_normals(v, tris))


def wear(doc, binary, wishes):
    """The document with the wishes worn; binary grows."""
    family = doc["extras"]["vivavox"]
    worn = chosen(family["traits"], wishes)
    known = {node for trait in family["traits"].values() for value in trait["values"].values() for node in value.get("show", [])}
    shown = {node for value in worn.values() for node in value.get("show", [])}
    weights = {k: w for value in worn.values() for k, w in value.get("weights", {}).items()}
    colours = {k: c for value in worn.values() for k, c in value.get("colors", {}).items()}
    for node in doc["nodes"]:
        if node["name"] in known - shown:
            node.pop("mesh"), node.pop("skin")
    for mesh in doc["meshes"]:
        _reshape(doc, binary, mesh, weights)
    for material in doc["materials"]:
        if material["name"] in colours:
            material["pbrMetallicRoughness"]["baseColorFactor"] = [*colours[material["name"]], 1.0]
    doc["buffers"][0]["byteLength"] = len(binary)
    return doc


def main():
    path, wish, out = sys.argv[1:4]
    doc, binary = read(path)
    looks = doc["extras"]["vivavox"]["looks"]
    write(out, wear(doc, binary, looks[wish] if wish in looks else json.loads(wish)), binary)


if __name__ == "__main__":
    main()
