"""Model the default avatar and write it as a GLB: python3 scripts/avatar/make_vivi.py [OUT.glb]

Needs numpy and Pillow. Everything is modelled in centimetres about the head and written in metres, Y up. A file of
which something in checks.py does not hold is not written.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np

import brows
import cavity
import checks
import cloth
import ears
import eyes
import hair
import head as head_module
import lashes
import occlusion
import paint
import targets as target_module
import teeth
import tongue
from arkit import TARGETS
from fields import Fields
from glb import GlbWriter
from head import LID_CREASE, LID_MARGIN, LIP_CONTACT
from look import LOOKS, Look
from materials import add_materials
from shape import Form
from skeleton import add_skeleton, body_weights, rigid, to_world
from subdivide import Subdivision
from vmath import vertex_normals

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIN_ROUND_LIPS = 2            # rings of the mouth from here to the contact line are subdivided
WITH_BROWS = ("brow", "noseSneer", "eyeWide")


class Avatar:
    """Collects the parts, in cm, and writes them."""

    def __init__(self, look: Look):
        self.writer = GlbWriter("vivavox make_vivi.py")
        self.skin = add_skeleton(self.writer, look)
        self.vertices: dict[str, int] = {}

    def add(self, name, material, v, tris, weights, uv=None, targets=None, shade=None):
        used, place = np.unique(tris, return_inverse=True)
        tris, v, weights = place.reshape(tris.shape), v[used], tuple(x[used] for x in weights)
        uv, shade = (None if x is None else x[used] for x in (uv, shade))
        moves = {k: targets[k][used] * 0.01 for k in TARGETS if k in targets} if targets else None
        mesh = self.writer.mesh(name, material, to_world(v), vertex_normals(v, tris), tris, uv, *weights, moves, shade)
        self.writer.node(name, mesh=mesh, skin=self.skin)
        self.vertices[name] = len(v)


def mirrored(v, tris):
    return v * [-1, 1, 1], tris[:, ::-1]


def pair(v, tris):
    """A left part with its mirror image."""
    other, turned = mirrored(v, tris)
    return np.vstack([v, other]), np.vstack([tris, turned + len(v)])


def pair_targets(targets):
    """Targets of a left part, without side, for the pair of it."""
    still = np.zeros_like(next(iter(targets.values())))
    left = {k + "Left": np.vstack([d, still]) for k, d in targets.items()}
    return left | {k + "Right": np.vstack([still, d * [-1, 1, 1]]) for k, d in targets.items()}


def add_eyes(a, material, look):
    centre = np.array(look.eye.centre)
    v, tris, uv = eyes.eyeball(look.eye)
    for name, joint, ball in (("eye_left", "LeftEye", (v + centre, tris)), ("eye_right", "RightEye", mirrored(v + centre, tris))):
        a.add(name, material["eye"], *ball, rigid(len(v), joint), uv)
    v, tris, targets = lashes.lashes(look.eye)
    v, tris = pair(v, tris)
    a.add("lashes", material["lash"], v, tris, rigid(len(v), "Head"), None, pair_targets(targets))
    v, tris = eyes.catch_lights(look.eye)
    a.add("catch", material["catch"], v, tris, rigid(len(v), "Head"))


def add_on_skin(a, material, form, head, targets):
    v, tris = pair(*brows.brow(form))
    moves = target_module.follow(targets, head.v, v, WITH_BROWS)
    a.add("brows", material["brow"], v, tris, rigid(len(v), "Head"), None, moves)
    v, tris, shade = ears.ear(form.look.ear)
    v, tris = pair(v, tris)
    a.add("ears", material["skin"], v, tris, rigid(len(v), "Head"), paint.ear_uv(head, v), None, np.tile(shade, 2))


def add_mouth(a, material, look, fields, targets):
    parts = [("mouth", "mouth", *cavity.cavity(fields, targets), None)]
    parts += [(name, "teeth", v, t, d, uv) for name, v, t, uv, d in teeth.teeth(look.mouth)]
    parts += [("tongue", "tongue", *tongue.tongue(look.mouth), None)]
    for name, kind, v, t, d, uv in parts:
        a.add(name, material[kind], v, t, rigid(len(v), "Head"), uv, d, occlusion.in_mouth(v, look.mouth.height))


def add_hair_and_cloth(a, material, form):
    (v, tris, uv), (inside, inner_tris) = hair.build()
    a.add("hair", material["hair"], v, tris, rigid(len(v), "Head"), uv)
    a.add("hair_inside", material["inside"], inside, inner_tris, rigid(len(inside), "Head"))
    v, tris, collar = cloth.top(form)
    a.add("top", material["cloth"], v, tris[~collar], rigid(len(v), "Spine"))
    a.add("collar", material["collar"], v, tris[collar], rigid(len(v), "Spine"))


def crease_lips(head, finer, v):
    """The line where the lips meet at rest as it was modelled: smoothed with either lip, it would part them."""
    on_line = head.mouth_k == LIP_CONTACT
    v = v.copy()
    v[:len(head.v)][on_line] = head.v[on_line]
    ends = finer.edges[finer.split_edge]
    along = on_line[ends].all(axis=1)
    v[len(head.v) + np.where(along)[0]] = head.v[ends[along]].mean(axis=1)
    return v


def subdivision(head):
    """Only lids and lips, and the skin beside them, are worth more vertices."""
    lid = (head.eye_k >= LID_CREASE) & (head.eye_k <= LID_MARGIN)
    lip = (head.mouth_k >= SKIN_ROUND_LIPS) & (head.mouth_k <= LIP_CONTACT)
    return Subdivision(len(head.v), head.quads, (lid | lip)[head.quads].any(axis=1))


def make(look: Look):
    """(glTF binary, vertices of each part, what does not hold of it)."""
    form, a = Form(look), Avatar(look)
    head = head_module.build(form)
    fields = Fields(head, look)
    targets = target_module.build(fields)
    finer = subdivision(head)
    skin = crease_lips(head, finer, finer.apply(head.v))
    fine_targets = {k: finer.apply(d) for k, d in targets.items()}
    material = add_materials(a.writer, head, look)
    a.add("head", material["skin"], skin, finer.tris, body_weights(skin), finer.apply(head.uv), fine_targets)
    add_eyes(a, material, look)
    add_on_skin(a, material, form, head, targets)
    add_mouth(a, material, look, fields, targets)
    add_hair_and_cloth(a, material, form)
    glb, faults = a.writer.file(), checks.Faults()
    ring = finer.apply(head.eye_k[:, None].astype(float))[:, 0]
    checks.small(len(glb), sum(a.vertices.values()), faults)
    checks.lips_closed(head, skin, faults)
    checks.even(head, targets, faults)
    checks.lids_clear_eyes(look, ring, skin, fine_targets, faults)
    checks.teeth_behind_lips(look, skin, finer.tris, fine_targets, teeth.teeth(look.mouth), faults)
    return glb, a.vertices, faults


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "shared", "avatars", "vivi.glb")
    glb, vertices, faults = make(LOOKS["vivi"])
    if faults:
        sys.exit("\n".join(faults))
    with open(out + ".tmp", "wb") as f:
        f.write(glb)
    os.replace(out + ".tmp", out)
    print(len(glb), "bytes,", sum(vertices.values()), "vertices:", vertices)


if __name__ == "__main__":
    main()
