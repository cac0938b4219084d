"""What can be chosen of the family's file, and who its six people are: the words of `extras.vivavox` in its glTF."""
from looks import LOOKS
from look import Rgb
from tint import linear

# Brows are drawn without the hair's dark roots and valleys: they take a share of its colour; those of light hair more.
BROW_TO_HAIR, BROW_TO_LIGHT_HAIR, LIGHT_HAIR = 0.26, 0.6, 0.3

SKIN: dict[str, Rgb] = {"porcelain": (252, 216, 198), "light": (250, 207, 184), "warm": (240, 190, 158), "tan": (212, 156, 122),
                        "brown": (152, 98, 68), "deep": (98, 60, 44)}
HAIR: dict[str, Rgb] = {"black": (46, 40, 42), "brown": (104, 66, 46), "chestnut": (134, 82, 52), "auburn": (183, 98, 56),
                        "blond": (232, 186, 116), "grey": (190, 190, 194), "white": (240, 238, 234)}
EYES: dict[str, Rgb] = {"green": (134, 214, 188), "blue": (140, 190, 236), "hazel": (214, 170, 96), "brown": (176, 112, 62),
                        "dark": (120, 76, 50), "grey": (190, 204, 212)}
CLOTH: dict[str, Rgb] = {"teal": (63, 124, 136), "navy": (48, 64, 104), "mustard": (222, 162, 54), "berry": (160, 54, 84),
                         "olive": (112, 122, 78), "white": (236, 232, 224), "charcoal": (66, 68, 74), "rust": (188, 92, 58)}
FRAMES: dict[str, Rgb] = {"black": (34, 32, 34), "tortoise": (106, 62, 38), "gold": (200, 160, 90)}


def _shown(nodes):
    return {name: ({"show": list(show)} if show else {}) for name, show in nodes.items()}


def _tints(colours: dict[str, Rgb], *materials):
    return {name: {"colors": {material: list(linear(c)) for material in materials}} for name, c in colours.items()}


def _brow(hair: Rgb):
    share = BROW_TO_LIGHT_HAIR if min(hair) > LIGHT_HAIR else BROW_TO_HAIR
    return [round(share * x, 4) for x in hair]


def _hair_tints():
    return {name: {"colors": {**dict.fromkeys(("hair", "hair curls", "inside"), list(linear(c))), "brow": _brow(linear(c))}}
            for name, c in HAIR.items()}


def traits():
    face = {look.name: ({} if look is LOOKS[0] else {"weights": {"shape_" + look.name: 1}}) for look in LOOKS}
    return {
        "face": {"default": "vivi", "values": face},
        "skin": {"default": "light", "values": _tints(SKIN, "skin"), "any": ["skin"]},
        "hair": {"default": "bob", "values": _shown({
            "bob": ("hair_bob", "hair_bob_inside"), "crop": ("hair_crop",), "side": ("hair_side",), "bun": ("hair_bun",),
            "curls": ("hair_curls",), "ring": ("hair_ring",), "none": ()})},
        "hairColor": {"default": "auburn", "values": _hair_tints(), "any": ["hair", "hair curls", "inside", "brow"]},
        "eyes": {"default": "green", "values": _tints(EYES, "iris"), "any": ["iris"]},
        "glasses": {"default": "none", "values": _shown({"none": (), "round": ("glasses_round",), "square": ("glasses_square",)})},
        "glassesColor": {"default": "black", "values": _tints(FRAMES, "frame"), "any": ["frame"]},
        "beard": {"default": "none", "values": _shown({"none": (), "full": ("beard_full", "moustache_full"), "moustache": ("moustache",)})},
        "top": {"default": "crew", "values": _shown({"crew": ("collar_crew",), "roll": ("yoke", "collar_roll"), "shirt": ("yoke", "collar_shirt")})},
        "topColor": {"default": "teal", "values": _tints(CLOTH, "cloth"), "any": ["cloth"]},
        "freckles": {"default": "yes", "values": _shown({"yes": ("freckles",), "no": ()})},
        "lines": {"default": "no", "values": _shown({"no": (), "yes": ("lines",)})}}


def looks():
    return {
        "vivi": {"face": "vivi", "skin": "light", "hair": "bob", "hairColor": "auburn", "eyes": "green", "glasses": "none", "beard": "none",
                 "top": "crew", "topColor": "teal", "freckles": "yes", "lines": "no"},
        "tom": {"face": "tom", "skin": "warm", "hair": "side", "hairColor": "brown", "eyes": "blue", "glasses": "none", "beard": "full",
                "top": "shirt", "topColor": "navy", "freckles": "no", "lines": "no"},
        "nia": {"face": "nia", "skin": "deep", "hair": "curls", "hairColor": "black", "eyes": "dark", "glasses": "none", "beard": "none",
                "top": "roll", "topColor": "mustard", "freckles": "no", "lines": "no"},
        "ken": {"face": "ken", "skin": "warm", "hair": "crop", "hairColor": "black", "eyes": "dark", "glasses": "round", "glassesColor": "black",
                "beard": "none", "top": "crew", "topColor": "charcoal", "freckles": "no", "lines": "no"},
        "rosa": {"face": "rosa", "skin": "tan", "hair": "bun", "hairColor": "brown", "eyes": "hazel", "glasses": "none", "beard": "none",
                 "top": "crew", "topColor": "berry", "freckles": "no", "lines": "no"},
        "otto": {"face": "otto", "skin": "porcelain", "hair": "ring", "hairColor": "grey", "eyes": "grey", "glasses": "square",
                 "glassesColor": "tortoise", "beard": "moustache", "top": "shirt", "topColor": "olive", "freckles": "no", "lines": "yes"}}


def extras():
    return {"vivavox": {"traits": traits(), "looks": looks()}}
