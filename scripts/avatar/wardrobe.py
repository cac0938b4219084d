"""What of a look can be put on and off: hair, tops, glasses, beards, marks on the skin."""
import numpy as np

import beard
import cloth
import glasses
import hair
import hair_cuts
import marks
from parts import Part
from shape import Form
from skeleton import body_weights, rigid, torso_weights

COLLAR_SHADE = 0.68            # a collar of the same cloth, a little darker, so that its roll shows
INSIDE_SHADE = 0.16            # of hair: the layer beneath hardly sees light


def _on_head(name, material, v, tris, uv=None, shade=None) -> Part:
    return Part(name, material, v, tris, rigid(len(v), "Head"), uv, shade=shade)


def hairs(form: Form) -> list[Part]:
    """All hair, one or two parts a style; hair fits every look, as all have one cranium."""
    (v, tris, uv), (inside, inner_tris) = hair.build()
    styles = {"hair_crop": hair_cuts.comb(form, hair_cuts.CROP), "hair_side": hair_cuts.comb(form, hair_cuts.SIDE_PART),
              "hair_bun": hair_cuts.tied_back(form), "hair_ring": hair_cuts.ring(form)}
    return [_on_head("hair_bob", "hair", v, tris, uv),
            _on_head("hair_bob_inside", "inside", inside, inner_tris, shade=np.full(len(inside), INSIDE_SHADE)),
            *(_on_head(name, "hair", *mesh) for name, mesh in styles.items()),
            _on_head("hair_curls", "curls", *hair_cuts.curls(form))]


def tops(form: Form) -> list[Part]:
    v, tris, collar = cloth.top(form)
    roll, roll_tris = cloth.roll_neck(form)
    shirt, shirt_tris = cloth.shirt_collar(form)
    flat, flat_tris = cloth.yoke(form)
    dark = np.full(len(v), COLLAR_SHADE)
    return [Part("top", "cloth", v, tris[~collar], torso_weights(v)),
            Part("collar_crew", "cloth", v, tris[collar], torso_weights(v), shade=dark),
            Part("yoke", "cloth", flat, flat_tris, torso_weights(flat)),
            Part("collar_roll", "cloth", roll, roll_tris, body_weights(roll)),
            Part("collar_shirt", "cloth", shirt, shirt_tris, torso_weights(shirt), shade=np.full(len(shirt), 0.9))]


def spectacles() -> list[Part]:
    return [_on_head("glasses_" + name, "frame", *glasses.glasses(kind)) for name, kind in (("round", glasses.ROUND), ("square", glasses.SQUARE))]


def on_face(head: Part):
    """What lies on the skin: each gives its part for any skin of the same mesh."""
    return [beard.beard(head), beard.moustache(head, "moustache_full", beard.INTO_BEARD),
            beard.moustache(head, "moustache", beard.TURNED_UP), marks.freckles(head), marks.lines(head)]
