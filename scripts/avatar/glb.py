"""A small glTF 2.0 binary writer: skinned meshes with sparse morph targets and JPEG textures."""
import json
import struct

import numpy as np

FLOAT, USHORT, UBYTE, UINT = 5126, 5123, 5121, 5125
MORPH_EPSILON_M = 8e-5   # smaller moves are left out
ARRAY_BUFFER, ELEMENT_BUFFER = 34962, 34963


def _short(row):
    """Floats of 32 bits in their shortest decimal form."""
    return [float(str(np.float32(x))) for x in row]


class GlbWriter:
    def __init__(self, generator):
        self.bin = bytearray()
        self.doc = {"asset": {"version": "2.0", "generator": generator}, "scene": 0,
                    "scenes": [{"nodes": []}], "nodes": [], "meshes": [], "materials": [],
                    "accessors": [], "bufferViews": [], "buffers": []}

    def _view(self, data, target=None):
        while len(self.bin) % 4:
            self.bin.append(0)
        view = {"buffer": 0, "byteOffset": len(self.bin), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.bin += data
        self.doc["bufferViews"].append(view)
        return len(self.doc["bufferViews"]) - 1

    def _accessor(self, array, ctype, kind, target=None, bounds=False, normalized=False):
        acc = {"bufferView": self._view(array.tobytes(), target), "componentType": ctype,
               "count": len(array), "type": kind}
        if bounds:
            acc["min"], acc["max"] = _short(array.min(0)), _short(array.max(0))
        if normalized:
            acc["normalized"] = True
        self.doc["accessors"].append(acc)
        return len(self.doc["accessors"]) - 1

    def sparse_vec3(self, delta):
        """Sparse accessor of a delta (n, 3); None where nothing moves."""
        d = delta.astype("<f4")
        idx = np.where(np.abs(d).max(axis=1) > MORPH_EPSILON_M)[0]
        if len(idx) == 0:
            return None
        vals = d[idx]
        lo, hi = vals.min(0), vals.max(0)
        if len(idx) < len(d):   # the vertices left out stand at zero
            lo, hi = np.minimum(lo, 0), np.maximum(hi, 0)
        acc = {"componentType": FLOAT, "count": len(d), "type": "VEC3",
               "min": _short(lo), "max": _short(hi),
               "sparse": {"count": len(idx),
                          "indices": {"bufferView": self._view(idx.astype("<u2").tobytes()), "componentType": USHORT},
                          "values": {"bufferView": self._view(vals.tobytes())}}}
        self.doc["accessors"].append(acc)
        return len(self.doc["accessors"]) - 1

    def texture(self, jpeg, name):
        d = self.doc
        d.setdefault("images", []).append({"bufferView": self._view(jpeg), "mimeType": "image/jpeg", "name": name})
        d.setdefault("samplers", [{"magFilter": 9729, "minFilter": 9987, "wrapS": 33071, "wrapT": 33071}])
        d.setdefault("textures", []).append({"source": len(d["images"]) - 1, "sampler": 0})
        return len(d["textures"]) - 1

    def material(self, name, color=(1, 1, 1), roughness=0.6, texture=None, double=False, metallic=0.0):
        pbr = {"baseColorFactor": [*color, 1.0], "metallicFactor": metallic, "roughnessFactor": roughness}
        if texture is not None:
            pbr["baseColorTexture"] = {"index": texture}
        mat = {"name": name, "pbrMetallicRoughness": pbr}
        if double:
            mat["doubleSided"] = True
        self.doc["materials"].append(mat)
        return len(self.doc["materials"]) - 1

    def node(self, name, translation=None, parent=None, **more):
        n = {"name": name, **more}
        if translation is not None:
            n["translation"] = [float(x) for x in translation]
        self.doc["nodes"].append(n)
        i = len(self.doc["nodes"]) - 1
        if parent is None:
            self.doc["scenes"][0]["nodes"].append(i)
        else:
            self.doc["nodes"][parent].setdefault("children", []).append(i)
        return i

    def skin(self, name, joints, inverse_bind):
        m = np.asarray(inverse_bind, "<f4")  # column-major rows of 16
        acc = self._accessor(m, FLOAT, "MAT4")
        self.doc["skins"] = [{"name": name, "joints": joints, "inverseBindMatrices": acc, "skeleton": joints[0]}]
        return 0

    def mesh(self, name, material, positions, normals, tris, uv=None, joints=None, weights=None, targets=None):
        """targets: {name: delta (n, 3)}; positions in metres."""
        a = {"POSITION": self._accessor(positions.astype("<f4"), FLOAT, "VEC3", ARRAY_BUFFER, bounds=True),
             "NORMAL": self._accessor(normals.astype("<f4"), FLOAT, "VEC3", ARRAY_BUFFER)}
        if uv is not None:
            a["TEXCOORD_0"] = self._accessor(uv.astype("<f4"), FLOAT, "VEC2", ARRAY_BUFFER)
        quant = np.round(weights * 255).astype(int)
        quant[np.arange(len(quant)), quant.argmax(1)] += 255 - quant.sum(1)
        used_joints = np.where(quant > 0, joints, 0)
        a["JOINTS_0"] = self._accessor(used_joints.astype("u1"), UBYTE, "VEC4", ARRAY_BUFFER)
        a["WEIGHTS_0"] = self._accessor(quant.astype("u1"), UBYTE, "VEC4", ARRAY_BUFFER, normalized=True)
        index = self._accessor(tris.astype("<u2").reshape(-1), USHORT, "SCALAR", ELEMENT_BUFFER)
        prim = {"attributes": a, "indices": index, "material": material}
        mesh = {"name": name, "primitives": [prim]}
        used = [(k, self.sparse_vec3(d)) for k, d in (targets or {}).items()]
        used = [(k, i) for k, i in used if i is not None]
        if used:
            prim["targets"] = [{"POSITION": i} for _, i in used]
            mesh["weights"] = [0.0] * len(used)
            mesh["extras"] = {"targetNames": [k for k, _ in used]}
        self.doc["meshes"].append(mesh)
        return len(self.doc["meshes"]) - 1

    def save(self, path):
        while len(self.bin) % 4:
            self.bin.append(0)
        self.doc["buffers"] = [{"byteLength": len(self.bin)}]
        text = json.dumps(self.doc, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + len(self.bin)
        with open(path, "wb") as f:
            f.write(struct.pack("<III", 0x46546C67, 2, total))
            f.write(struct.pack("<II", len(text), 0x4E4F534A) + text)
            f.write(struct.pack("<II", len(self.bin), 0x004E4942) + bytes(self.bin))
