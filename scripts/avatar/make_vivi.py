"""Model the default avatar and write it as a GLB: python3 scripts/avatar/make_vivi.py [OUT.glb]

Needs numpy and Pillow. Everything is modelled in centimetres about the head and written in metres, Y up.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np

import cloth
import ears
import eyes
import hair
import head as head_module
import morphs
import mouthparts
import paint
import shape
from arkit import ARKIT
from glb import GlbWriter
from vmath import smoothstep, vertex_normals

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEAD_HEIGHT_M = 1.60      # world height of the eyes
JOINTS = {"Spine": (0, -24.0, -3.5), "Neck": (0, -13.0, -3.2), "Head": (0, -5.0, -1.6),
          "LeftEye": tuple(shape.EYE), "RightEye": tuple(shape.EYE * [-1, 1, 1])}
PARENT = {"Spine": None, "Neck": "Spine", "Head": "Neck", "LeftEye": "Head", "RightEye": "Head"}
NAMES = list(JOINTS)


def to_world(p):
    return np.asarray(p, float) * 0.01 + [0, HEAD_HEIGHT_M, 0]


def rigid(n, joint):
    j, w = np.zeros((n, 4), int), np.zeros((n, 4))
    j[:, 0], w[:, 0] = NAMES.index(joint), 1.0
    return j, w


def body_weights(v):
    """Head, neck and spine weights that change smoothly down the neck."""
    drop = v[:, 1] + 0.42 * np.clip(v[:, 2], -6, 5)   # the throat hangs lower than the nape
    head = smoothstep(-12.0, -6.5, drop)
    spine = 1 - smoothstep(-17.5, -12.5, v[:, 1])
    spine = np.maximum(spine, smoothstep(6.0, 9.0, np.abs(v[:, 0])) * (v[:, 1] < -11))
    neck = np.clip(1 - head - spine, 0, 1)
    w = np.stack([spine, neck, head, np.zeros(len(v))], axis=1)
    return np.tile([0, 1, 2, 0], (len(v), 1)), w / w.sum(1, keepdims=True)


def add_skeleton(w):
    ids = {}
    for name, at in JOINTS.items():
        parent = PARENT[name]
        local = to_world(at) - (to_world(JOINTS[parent]) if parent else 0)
        ids[name] = w.node(name, local, ids[parent] if parent else None)
    bind = []
    for at in JOINTS.values():
        m = np.eye(4)
        m[3, :3] = -to_world(at)
        bind.append(m.reshape(16))
    return w.skin("vivi", [ids[n] for n in NAMES], bind)


class Avatar:
    """Collects the parts and writes them."""

    def __init__(self):
        self.w = GlbWriter("vivavox make_vivi.py")
        self.skin = add_skeleton(self.w)
        self.counts = {}

    def add(self, name, material, v, tris, weights, uv=None, targets=None):
        t = {k: targets[k] * 0.01 for k in ARKIT if k in targets} if targets else None
        m = self.w.mesh(name, material, to_world(v), vertex_normals(v, tris), tris, uv, *weights, t)
        self.w.node(name, mesh=m, skin=self.skin)
        self.counts[name] = len(v)


def materials(w, hd):
    tex = {"skin": paint.skin(hd), "eye": paint.eye(), "hair": paint.hair(), "teeth": paint.teeth()}
    ids = {k: w.texture(data, k) for k, data in tex.items()}
    return {"skin": w.material("skin", roughness=0.52, texture=ids["skin"]),
            "eye": w.material("eye", roughness=0.08, texture=ids["eye"]),
            "hair": w.material("hair", roughness=0.5, texture=ids["hair"], double=True),
            "teeth": w.material("teeth", roughness=0.22, texture=ids["teeth"], double=True),
            "lash": w.material("lash", (0.018, 0.012, 0.010), 0.7, double=True),
            "brow": w.material("brow", (0.13, 0.062, 0.034), 0.9, double=True),
            "tongue": w.material("tongue", (0.56, 0.17, 0.17), 0.4),
            "mouth": w.material("mouth", (0.055, 0.012, 0.014), 0.8, double=True),
            "cloth": w.material("cloth", (0.055, 0.19, 0.21), 0.85, double=True)}


def mirror_part(v, tris):
    return v * [-1, 1, 1], tris[:, ::-1]


def mirror_targets(targets):
    def other(name):
        return name[:-4] + "Right" if name.endswith("Left") else name
    return {other(k): d * [-1, 1, 1] for k, d in targets.items()}


def add_eyes(a, mat):
    v, t, uv = eyes.eyeball()
    a.add("eye_left", mat["eye"], v + shape.EYE, t, rigid(len(v), "LeftEye"), uv)
    v, t = mirror_part(v + shape.EYE, t)
    a.add("eye_right", mat["eye"], v, t, rigid(len(v), "RightEye"), uv)
    v, t, along, side = eyes.lashes()
    moves = {**morphs.LID_MOVES, "cheekSquint": morphs.CHEEK_SQUINT_LID}
    left = eyes.lash_targets(v, along, side, moves, morphs.turn_lid, morphs.LID_CLOSED_EXTRA_CM)
    left = {k + "Left": d for k, d in left.items()}
    mv, mt = mirror_part(v, t)
    zero = np.zeros_like(v)
    targets = {k: np.vstack([d, zero]) for k, d in left.items()}
    targets.update({k: np.vstack([zero, d]) for k, d in mirror_targets(left).items()})
    both = np.vstack([v, mv])
    a.add("lashes", mat["lash"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), None, targets)


def add_on_skin(a, mat, hd, targets):
    v, t = eyes.brow()
    mv, mt = mirror_part(v, t)
    both = np.vstack([v, mv])
    names = ("brow", "noseSneer", "eyeWide")
    a.add("brows", mat["brow"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), None,
          morphs.follow(targets, hd, both, names))
    v, t = ears.ear()
    mv, mt = mirror_part(v, t)
    both = np.vstack([v, mv])
    uv = paint.ear_uv(hd, both)
    a.add("ears", mat["skin"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), uv)


def add_mouth(a, mat, hd, targets, fields):
    v, t, d = mouthparts.cavity(hd, targets, fields)
    a.add("mouth", mat["mouth"], v, t, rigid(len(v), "Head"), None, d)
    for name, v, t, uv, d in mouthparts.teeth():
        a.add(name, mat["teeth"], v, t, rigid(len(v), "Head"), uv, d)
    v, t, d = mouthparts.tongue()
    a.add("tongue", mat["tongue"], v, t, rigid(len(v), "Head"), None, d)


def add_hair_and_cloth(a, mat):
    v, t, uv = hair.build()
    a.add("hair", mat["hair"], v, t, rigid(len(v), "Head"), uv)
    v, t = cloth.top()
    a.add("top", mat["cloth"], v, t, rigid(len(v), "Spine"))


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "shared", "avatars", "vivi.glb")
    a = Avatar()
    hd = head_module.build()
    targets, fields = morphs.build(hd)
    missing = [k for k in ARKIT if k not in targets]
    assert not missing, missing
    mat = materials(a.w, hd)
    a.add("head", mat["skin"], hd.v, hd.tris, body_weights(hd.v), hd.uv, targets)
    add_eyes(a, mat)
    add_on_skin(a, mat, hd, targets)
    add_mouth(a, mat, hd, targets, fields)
    add_hair_and_cloth(a, mat)
    tmp = out + ".tmp"
    a.w.save(tmp)
    os.replace(tmp, out)
    print(os.path.getsize(out), "bytes;", a.counts)


if __name__ == "__main__":
    main()
