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
import cavity
import occlusion
import paint
import targets as target_module
import teeth
import tongue
from fields import Fields
from head import LID_MARGIN, LIP_CONTACT
from look import LOOKS
from shape import Form
from subdivide import Subdivision
from arkit import TARGETS
from glb import GlbWriter
from vmath import smoothstep, vertex_normals

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEAD_HEIGHT_M = 1.60      # world height of the eyes
LOOK = LOOKS["vivi"]
EYE = np.array(LOOK.eye.centre)
FORM = Form(LOOK)
JOINTS = {"Spine": (0, -22.0, -3.0), "Neck": (0, -11.5, -2.6), "Head": (0, -5.5, -1.4),
          "LeftEye": tuple(EYE), "RightEye": tuple(EYE * [-1, 1, 1])}
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
    head = smoothstep(-11.0, -7.0, drop)
    spine = 1 - smoothstep(-14.5, -11.0, v[:, 1])
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

    def add(self, name, material, v, tris, weights, uv=None, targets=None, shade=None):
        used, place = np.unique(tris, return_inverse=True)
        tris, v, weights = place.reshape(tris.shape), v[used], tuple(x[used] for x in weights)
        uv, shade = (None if x is None else x[used] for x in (uv, shade))
        targets = {k: d[used] for k, d in targets.items()} if targets else None
        t = {k: targets[k] * 0.01 for k in TARGETS if k in targets} if targets else None
        m = self.w.mesh(name, material, to_world(v), vertex_normals(v, tris), tris, uv, *weights, t, shade)
        self.w.node(name, mesh=m, skin=self.skin)
        self.counts[name] = len(v)


def materials(w, hd):
    tex = {"skin": paint.skin(hd, LOOK), "eye": paint.eye(LOOK), "hair": paint.hair(LOOK.palette), "teeth": paint.teeth(LOOK.palette)}
    ids = {k: w.texture(data, k) for k, data in tex.items()}
    return {"skin": w.material("skin", roughness=0.6, texture=ids["skin"]),
            "eye": w.material("eye", roughness=0.08, texture=ids["eye"]),
            "hair": w.material("hair", roughness=0.5, texture=ids["hair"], double=True),
            "teeth": w.material("teeth", roughness=0.22, texture=ids["teeth"], double=True),
            "collar": w.material("cloth collar", LOOK.palette.collar, 0.85, double=True),
            "catch": w.material("catch", (1, 1, 1), 0.3, double=True),
            "lash": w.material("lash", LOOK.palette.lash, 0.7, double=True),
            "brow": w.material("brow", LOOK.palette.brow, 0.8, double=True),
            "tongue": w.material("tongue", LOOK.palette.tongue, 0.5),
            "mouth": w.material("mouth", LOOK.palette.mouth, 0.8, double=True),
            "cloth": w.material("cloth", LOOK.palette.cloth, 0.85, double=True)}


def mirror_part(v, tris):
    return v * [-1, 1, 1], tris[:, ::-1]


def mirror_targets(targets):
    def other(name):
        return name[:-4] + "Right" if name.endswith("Left") else name
    return {other(k): d * [-1, 1, 1] for k, d in targets.items()}


def add_eyes(a, mat):
    v, t, uv = eyes.eyeball(LOOK.eye)
    a.add("eye_left", mat["eye"], v + EYE, t, rigid(len(v), "LeftEye"), uv)
    v, t = mirror_part(v + EYE, t)
    a.add("eye_right", mat["eye"], v, t, rigid(len(v), "RightEye"), uv)
    v, t, along, side = eyes.lashes(LOOK.eye)
    left = eyes.lash_targets(LOOK.eye, v, along, side)
    left = {k + "Left": d for k, d in left.items()}
    mv, mt = mirror_part(v, t)
    zero = np.zeros_like(v)
    targets = {k: np.vstack([d, zero]) for k, d in left.items()}
    targets.update({k: np.vstack([zero, d]) for k, d in mirror_targets(left).items()})
    both = np.vstack([v, mv])
    a.add("lashes", mat["lash"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), None, targets)


def catch_lights(a, mat):
    """A crisp highlight that stays with the head, a hair's breadth in front of the cornea."""
    vs, ts = [], []
    for sx in (1, -1):
        for az, el, r in ((15.0, 17.0, 6.2), (-13.0, -15.0, 2.6)):
            n = 20
            base = len(vs)
            centre = eyes.eye_direction(az, el)
            right = eyes.normalize(np.cross([0, 1, 0], centre))
            up = np.cross(centre, right)
            rad = LOOK.eye.ball_radius + 0.065
            vs.append(EYE * [sx, 1, 1] + rad * centre)
            for i in range(n):
                t = i / n * 2 * np.pi
                d = centre + np.tan(np.radians(r)) * (right * np.cos(t) * 0.9 + up * np.sin(t) * 1.05)
                vs.append(EYE * [sx, 1, 1] + rad * eyes.normalize(d))
            ts += [[base, base + 1 + i, base + 1 + (i + 1) % n] for i in range(n)]
    v = np.array(vs)
    a.add("catch", mat["catch"], v, np.array(ts), rigid(len(v), "Head"))


def add_on_skin(a, mat, hd, targets):
    v, t = eyes.brow(FORM)
    mv, mt = mirror_part(v, t)
    both = np.vstack([v, mv])
    names = ("brow", "noseSneer", "eyeWide")
    a.add("brows", mat["brow"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), None,
          target_module.follow(targets, hd.v, both, names))
    v, t, shade = ears.ear(LOOK.ear)
    mv, mt = mirror_part(v, t)
    both = np.vstack([v, mv])
    uv = paint.ear_uv(hd, both)
    a.add("ears", mat["skin"], both, np.vstack([t, mt + len(v)]), rigid(len(both), "Head"), uv, None, np.tile(shade, 2))


def add_mouth(a, mat, hd, targets, fields):
    parts = [("mouth", "mouth", *cavity.cavity(fields, targets), None)]
    parts += [(name, "teeth", v, t, d, uv) for name, v, t, uv, d in teeth.teeth(LOOK.mouth)]
    parts += [("tongue", "tongue", *tongue.tongue(LOOK.mouth), None)]
    for name, material, v, t, d, uv in parts:
        a.add(name, mat[material], v, t, rigid(len(v), "Head"), uv, d, occlusion.in_mouth(v, LOOK.mouth.height))


def add_hair_and_cloth(a, mat):
    v, t, uv = hair.build()
    a.add("hair", mat["hair"], v, t, rigid(len(v), "Head"), uv)
    v, t, collar = cloth.top(FORM)
    a.add("top", mat["cloth"], v, t[~collar], rigid(len(v), "Spine"))
    a.add("collar", mat["collar"], v, t[collar], rigid(len(v), "Spine"))


def crease_lips(hd, finer, v):
    """The line where the lips meet at rest as it was modelled: smoothed with either lip, it would part them."""
    on_line = hd.mouth_k == LIP_CONTACT
    v = v.copy()
    v[:len(hd.v)][on_line] = hd.v[on_line]
    ends = finer.edges[finer.split_edge]
    along = on_line[ends].all(axis=1)
    v[len(hd.v) + np.where(along)[0]] = hd.v[ends[along]].mean(axis=1)
    return v


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "shared", "avatars", "vivi.glb")
    a = Avatar()
    hd = head_module.build(FORM)
    fields = Fields(hd, LOOK)
    targets = target_module.build(fields)
    mat = materials(a.w, hd)
    fine = ((hd.eye_k >= 4) & (hd.eye_k <= LID_MARGIN)) | ((hd.mouth_k >= 2) & (hd.mouth_k <= LIP_CONTACT))
    finer = Subdivision(len(hd.v), hd.quads, fine[hd.quads].any(axis=1))
    skin = crease_lips(hd, finer, finer.apply(hd.v))
    a.add("head", mat["skin"], skin, finer.tris, body_weights(skin), finer.apply(hd.uv),
          {k: finer.apply(d) for k, d in targets.items()})
    add_eyes(a, mat)
    catch_lights(a, mat)
    add_on_skin(a, mat, hd, targets)
    add_mouth(a, mat, hd, targets, fields)
    add_hair_and_cloth(a, mat)
    tmp = out + ".tmp"
    a.w.save(tmp)
    os.replace(tmp, out)
    print(os.path.getsize(out), "bytes;", a.counts)


if __name__ == "__main__":
    main()
