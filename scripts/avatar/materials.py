"""The materials; the renderer shades by the words of their names."""
import paint


def add_materials(writer, head, look):
    """{name: index}, with the textures that they need."""
    colour = look.palette
    pictures = {"skin": paint.skin(head, look), "eye": paint.eye(look), "hair": paint.hair(colour), "teeth": paint.teeth(colour)}
    texture = {name: writer.texture(jpeg, name) for name, jpeg in pictures.items()}
    return {"skin": writer.material("skin", roughness=0.6, texture=texture["skin"]),
            "eye": writer.material("eye", roughness=0.08, texture=texture["eye"]),
            "hair": writer.material("hair", roughness=0.5, texture=texture["hair"], double=True),
            "inside": writer.material("inside", colour.inside, 1.0, double=True),     # not "hair": it must not shine
            "teeth": writer.material("teeth", roughness=0.22, texture=texture["teeth"], double=True),
            "catch": writer.material("catch", (1, 1, 1), 0.3, double=True),
            "lash": writer.material("lash", colour.lash, 0.7, double=True),
            "brow": writer.material("brow", colour.brow, 0.8, double=True),
            "tongue": writer.material("tongue", colour.tongue, 0.5),
            "mouth": writer.material("mouth", colour.mouth, 0.8, double=True),
            "cloth": writer.material("cloth", colour.cloth, 0.85, double=True),
            "collar": writer.material("cloth collar", colour.collar, 0.85, double=True)}
