"""One file that shows several people: one mesh, each person's face a morph target of it."""
import numpy as np

import body as body_module
import checks
import traits
import wardrobe
from avatar_file import AvatarFile
from body import Body
from eyes import in_iris
from looks import LOOKS
from materials import add_tinted
from parts import Part

LEAST_SHAPE_CM = 0.005         # parts that move less than that between two people do not need the target


def _eyes(body: Body) -> list[Part]:
    """The eyeballs, each parted in iris and white: two materials."""
    parts = []
    for ball in body_module.eyeballs(body.look):
        iris = in_iris(ball.tris)
        side = ball.name.removeprefix("eye_")
        parts += [Part(f"{kind}_{side}", kind, ball.v, ball.tris[which], ball.weights, ball.uv)
                  for kind, which in (("iris", iris), ("sclera", ~iris))]
    return parts


def _fitted(body: Body, on_face) -> list[Part]:
    """The parts that follow a person's shape."""
    return [body.skin, *_eyes(body), *body_module.round_eyes(body.look), *body_module.on_skin(body), *body_module.in_mouth(body),
            *wardrobe.tops(body.form), *(thing.part(body.skin) for thing in on_face)]


def _add_shape(parts: list[Part], other: list[Part], name):
    for part, there in zip(parts, other, strict=True):
        if part.v.shape != there.v.shape:
            raise ValueError(f"{part.name} of {name} is another mesh")
        d = there.v - part.v
        if np.abs(d).max() >= LEAST_SHAPE_CM:
            part.targets = part.targets | {"shape_" + name: d}


def make(bodies: list[Body], faults: checks.Faults):
    """(glTF binary, vertices of each part) of people of one topology, the first of whom the file shows as it is."""
    first = bodies[0]
    on_face = wardrobe.on_face(first.skin)
    parts = _fitted(first, on_face)
    for body in bodies[1:]:
        _add_shape(parts, _fitted(body, on_face), body.look.name)
    out = AvatarFile(first.look, compact=True)
    material = add_tinted(out.writer, first.head, first.look)
    for part in [*parts, *wardrobe.hairs(first.form), *wardrobe.spectacles()]:
        out.add(part, material)
    out.writer.doc["extras"] = traits.extras()
    checks.traits_known(out.writer.doc, faults)
    return out.writer.file(), out.vertices


def bodies() -> list[Body]:
    """All looks' bodies, with the first one's expressions."""
    first = body_module.build(LOOKS[0])
    return [first, *(body_module.build(look, first.targets) for look in LOOKS[1:])]
