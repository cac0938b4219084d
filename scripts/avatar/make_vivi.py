"""Model the default avatar and her family and write them as GLBs: python3 scripts/avatar/make_vivi.py [FOLDER]

Needs numpy and Pillow. Everything is modelled in centimetres about the head and written in metres, Y up. A file of
which something in checks.py does not hold is not written.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import body as body_module
import checks
import cloth
import family
import hair
import teeth
from avatar_file import AvatarFile
from body import Body
from materials import add_materials
from parts import Part
from skeleton import rigid, torso_weights

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def hair_and_cloth(form) -> list[Part]:
    (v, tris, uv), (inside, inner_tris) = hair.build()
    parts = [Part("hair", "hair", v, tris, rigid(len(v), "Head"), uv),
             Part("hair_inside", "inside", inside, inner_tris, rigid(len(inside), "Head"))]
    v, tris, collar = cloth.top(form)
    return [*parts, Part("top", "cloth", v, tris[~collar], torso_weights(v)),
            Part("collar", "collar", v, tris[collar], torso_weights(v))]


def make(body: Body):
    """(glTF binary, vertices of each part) of one look, its colours in its textures."""
    out = AvatarFile(body.look)
    material = add_materials(out.writer, body.head, body.look)
    for part in [body.skin, *body_module.eyeballs(body.look), *body_module.round_eyes(body.look), *body_module.on_skin(body),
                 *body_module.in_mouth(body), *hair_and_cloth(body.form)]:
        out.add(part, material)
    return out.writer.file(), out.vertices


def faults_of(body: Body, faults: checks.Faults):
    """What does not hold of a body."""
    skin = body.skin
    faults.of = body.look.name
    checks.lips_closed(body.head, skin.v, faults)
    checks.even(body.head, body.targets, faults)
    checks.lids_clear_eyes(body.look, body.eye_ring, skin.v, skin.targets, faults)
    checks.teeth_behind_lips(body.look, skin.v, skin.tris, skin.targets, teeth.teeth(body.look.mouth), faults)


def write(path, glb):
    with open(path + ".tmp", "wb") as f:
        f.write(glb)
    os.replace(path + ".tmp", path)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "shared", "avatars")
    bodies, faults = family.bodies(), checks.Faults()
    for body in bodies:
        faults_of(body, faults)
    faults.of = "family"
    files = {"vivi": make(bodies[0]), "family": family.make(bodies, faults)}
    for name, (glb, vertices) in files.items():
        faults.of = name
        checks.small(len(glb), sum(vertices.values()), 1 if name == "vivi" else len(bodies), faults)
    if faults:
        sys.exit("\n".join(faults))
    for name, (glb, vertices) in files.items():
        write(os.path.join(folder, name + ".glb"), glb)
        print(f"{name}.glb: {len(glb)} bytes, {sum(vertices.values())} vertices: {vertices}")


if __name__ == "__main__":
    main()
