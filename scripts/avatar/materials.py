"""The materials; the renderer shades by the words of their names."""
from dataclasses import replace

import paint
from tint import hair_tint, linear, neutral

FRECKLE, LINE = (0.30, 0.075, 0.025), (0.13, 0.022, 0.010)     # tints laid thinly over any skin

WET = (0.60, 0.47, 0.45)                # tears between the eye's white and the lid's red
TOOTH_GLOW = (0.19, 0.175, 0.16)       # light that lips and tongue cast on teeth, which no lamp reaches in the mouth: they would look grey


def _textures(writer, pictures):
    return {name: writer.texture(jpeg, name) for name, jpeg in pictures.items()}


def _of_all(writer, look, texture):
    """What every file has."""
    colour = look.palette
    return {"teeth": writer.material("teeth", roughness=0.22, texture=texture["teeth"], double=True, glow=TOOTH_GLOW),
            "wet": writer.material("eye wet", WET, 0.08),
            "lash": writer.material("lash", colour.lash, 0.7, double=True),
            "brow": writer.material("brow", colour.brow, 0.8, double=True),
            "tongue": writer.material("tongue", colour.tongue, 0.5),
            "mouth": writer.material("mouth", colour.mouth, 0.8, double=True),
            "cloth": writer.material("cloth", colour.cloth, 0.85, double=True)}


def add_materials(writer, head, look):
    """{name: index} of one look, its colours in its textures."""
    colour = look.palette
    texture = _textures(writer, {"skin": paint.skin(head, look), "eye": paint.eye(look), "hair": paint.hair(colour), "teeth": paint.teeth(colour)})
    own = {"skin": writer.material("skin", roughness=0.6, texture=texture["skin"]),
           "eye": writer.material("eye", roughness=0.08, texture=texture["eye"]),
           # Its back is behind "inside": drawn, it takes an eighth of a picture's time and shows nowhere.
           "hair": writer.material("hair", roughness=0.5, texture=texture["hair"]),
           "inside": writer.material("inside", colour.inside, 1.0, double=True)}      # not "hair": it must not shine
    return own | _of_all(writer, look, texture) | {"collar": writer.material("cloth collar", colour.collar, 0.85, double=True)}


def add_tinted(writer, head, look):
    """{name: index} of a family: skin, hair and iris are drawn bright and take their colour from their factors."""
    drawn, colour = replace(look, palette=neutral(look.palette), freckles=False), look.palette
    texture = _textures(writer, {"skin": paint.skin(head, drawn), "sclera": paint.sclera(drawn), "iris": paint.iris(drawn),
                                 "hair": paint.hair(drawn.palette), "teeth": paint.teeth(colour)})
    hair = linear(hair_tint(colour))
    own = {"skin": writer.material("skin", linear(colour.skin), 0.6, texture["skin"]),
           "sclera": writer.material("sclera", roughness=0.08, texture=texture["sclera"]),
           "iris": writer.material("iris", linear(colour.iris_glow), 0.08, texture["iris"]),
           "hair": writer.material("hair", hair, 0.5, texture["hair"], double=True),
           "curls": writer.material("hair curls", hair, 0.9, texture["hair"], double=True),       # strands every way: hardly a shine
           "inside": writer.material("inside", hair, 1.0, double=True),
           "frame": writer.material("frame", (0.015, 0.013, 0.014), 0.25, double=True),
           "freckle": writer.material("freckle", FRECKLE, 0.8, blend=True),
           "line": writer.material("line", LINE, 0.8, blend=True)}
    return own | _of_all(writer, look, texture)
