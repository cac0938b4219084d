"""What every look has: head, eyes, lashes, brows, ears and the inside of the mouth."""
from dataclasses import dataclass

import numpy as np

import brows
import cavity
import ears
import eyes
import head as head_module
import lashes
import occlusion
import paint
import targets as target_module
import tear_line
import teeth
import tongue
from fields import Fields
from head import LID_CREASE, LID_MARGIN, LIP_CONTACT, Head
from look import Look
from parts import Displacements, Part, mirrored, pair, pair_targets
from shape import Form
from skeleton import body_weights, rigid
from subdivide import Subdivision
from vmath import vertex_normals

SKIN_ROUND_LIPS = 2            # rings of the mouth from here to the contact line are subdivided
WITH_BROWS = ("brow", "noseSneer", "eyeWide")


@dataclass
class Body:
    """The head's coarse mesh, its finer one with targets, and the parts made of them."""
    look: Look
    form: Form
    head: Head
    fields: Fields
    targets: Displacements                 # of the coarse mesh
    finer: Subdivision
    skin: Part

    @property
    def eye_ring(self):
        """Each fine vertex's ring round the eye."""
        return self.finer.apply(self.head.eye_k[:, None].astype(float))[:, 0]


def _crease_lips(head, finer, v):
    """The line where the lips meet at rest as it was modelled: smoothed with either lip, it would part them."""
    on_line = head.mouth_k == LIP_CONTACT
    v = v.copy()
    v[:len(head.v)][on_line] = head.v[on_line]
    ends = finer.edges[finer.split_edge]
    along = on_line[ends].all(axis=1)
    v[len(head.v) + np.where(along)[0]] = head.v[ends[along]].mean(axis=1)
    return v


def _subdivision(head):
    """Only lids and lips, and the skin beside them, are worth more vertices."""
    lid = (head.eye_k >= LID_CREASE) & (head.eye_k <= LID_MARGIN)
    lip = (head.mouth_k >= SKIN_ROUND_LIPS) & (head.mouth_k <= LIP_CONTACT)
    return Subdivision(len(head.v), head.quads, (lid | lip)[head.quads].any(axis=1))


def _turn_upon(skin: Part, first, then):
    """What a target changes of the normals where another is at 1: lips that close alone would pass through each other."""
    v = skin.v + skin.targets[first]
    return vertex_normals(v + skin.targets[then], skin.tris) - vertex_normals(v, skin.tris)


def build(look: Look, expressions: Displacements | None = None) -> Body:
    """The body of a look, with another's expressions (of the coarse mesh) if they are given: a family shares them."""
    form = Form(look)
    head = head_module.build(form)
    fields = Fields(head, look)
    targets = target_module.build(fields) if expressions is None else expressions
    finer = _subdivision(head)
    v = _crease_lips(head, finer, finer.apply(head.v))
    skin = Part("head", "skin", v, finer.tris, body_weights(v), finer.apply(head.uv), {k: finer.apply(d) for k, d in targets.items()})
    skin.turns = {"mouthClose": _turn_upon(skin, "jawOpen", "mouthClose")}
    return Body(look, form, head, fields, targets, finer, skin)


def eyeballs(look: Look) -> list[Part]:
    centre = np.array(look.eye.centre)
    v, tris, uv = eyes.eyeball(look.eye)
    sides = (("eye_left", "LeftEye", (v + centre, tris)), ("eye_right", "RightEye", mirrored(v + centre, tris)))
    return [Part(name, "eye", *ball, rigid(len(v), joint), uv) for name, joint, ball in sides]


def round_eyes(look: Look) -> list[Part]:
    v, tris, targets = lashes.lashes(look.eye, look.lash)
    v, tris = pair(v, tris)
    parts = [Part("lashes", "lash", v, tris, rigid(len(v), "Head"), None, pair_targets(targets))]
    v, tris, targets = tear_line.tear_line(look.eye)
    v, tris = pair(v, tris)
    return [*parts, Part("tear_line", "wet", v, tris, rigid(len(v), "Head"), None, pair_targets(targets))]


def on_skin(body: Body) -> list[Part]:
    v, tris = pair(*brows.brow(body.form))
    moves = target_module.follow(body.targets, body.head.v, v, WITH_BROWS)
    parts = [Part("brows", "brow", v, tris, rigid(len(v), "Head"), None, moves)]
    v, tris, shade = ears.ear(body.look.ear)
    v, tris = pair(v, tris)
    return [*parts, Part("ears", "skin", v, tris, rigid(len(v), "Head"), paint.ear_uv(body.head, v), shade=np.tile(shade, 2))]


def in_mouth(body: Body) -> list[Part]:
    mouth = body.look.mouth
    parts = [("mouth", "mouth", *cavity.cavity(body.fields, body.targets), None)]
    parts += [(name, "teeth", v, t, d, uv) for name, v, t, uv, d in teeth.teeth(mouth)]
    parts += [("tongue", "tongue", *tongue.tongue(mouth), None)]
    return [Part(name, kind, v, t, rigid(len(v), "Head"), uv, d, occlusion.in_mouth(v, mouth.height))
            for name, kind, v, t, d, uv in parts]
