"""The textures, in sRGB: skin over the head's places, eye, hair and teeth; each as a JPEG's bytes."""
import io

import numpy as np
from PIL import Image

from bake import bake
from eyes import TEXTURE_DEG
from head import LID_CREASE, LID_MARGIN, LIP_BORDER, LIP_CONTACT
from look import Look, Palette
from teeth import GUM_FROM, GUM_TOP
from vmath import gauss, lerp, smoothstep

SKIN_PX, EYE_PX, HAIR_PX, TEETH_PX = 1024, 512, 256, 64
QUALITY, EYE_QUALITY = 88, 92

# Where blood shows: (how much, place, size in cm), on the left side: cheek, tip of the nose, chin.
BLUSH = ((0.50, (4.7, -3.2, 6.0), (1.5, 1.05, 3.0)), (0.40, (0, -2.3, 9.2), (1.0, 0.8, 1.4)),
         (0.16, (0, -8.0, 6.4), (1.4, 0.9, 2)))
NOSTRIL = (0.55, (0.42, -2.98, 7.95), (0.26, 0.13, 0.32))
# Freckles, seen from the front: (x, y, radius).
FRECKLES = ((1.5, -2.75, .085), (2.1, -3.1, .10), (2.75, -2.85, .08), (3.3, -3.3, .10), (2.45, -3.65, .08),
            (3.9, -2.95, .085), (1.75, -3.45, .07), (4.4, -3.4, .08), (3.05, -3.85, .07))
FRECKLE_AMOUNT, FACE_Z = 0.5, 4.0
# Shades of skin round the eye, as factors of its colour: the lid's edge, its crease, and the lid between.
LID_EDGE, LID_FOLD, LID_TONE = ((.93, .78, .74), 0.6), ((.78, .58, .54), 0.55), ((.91, .79, .76), 0.35)
FOLD_RINGS = 0.55              # half the painted fold's width
LIP_RED, LIP_LINE, MOUTH_EDGE = 0.85, 0.6, 0.6
PUPIL_EDGE, LIMBUS, IRIS_EDGE = 0.03, (0.84, 0.97), (0.96, 1.03)    # in shares of the iris' radius
RIM, RIM_EDGE = 0.6, (1.0, 1.05)   # of the white's share of the iris' dark ring
GLOW, GLOW_AT, GLOW_WIDE = 0.75, 0.72, 0.17      # light gathered in the iris opposite the key light
LID_SHADOW = (10, 10, 14)
SHINE, SHINE_AT, SHINE_WIDE = 0.22, 0.42, 0.12   # a band of light round the hair
STRANDS, STRAND_AMOUNT = (19, 43), 0.05
VALLEY = 0.55                  # how much darker hair is between locks
EAR_AT, EAR_SPREAD = (3.9, -2.6, 5.5), 0.006     # ears take their colour from beside the cheek's blush


def _jpeg(rgb, quality=QUALITY):
    out = io.BytesIO()
    Image.fromarray(np.clip(rgb, 0, 255).astype("u1")).save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _mix(c, colour, amount):
    return lerp(c, np.asarray(colour, float), np.clip(amount, 0, 1)[..., None])


def _filled(colour, shape):
    return np.tile(np.array(colour, float), (*shape, 1))


def skin(head, look: Look):
    left = head.v[:, 0] >= -1e-6          # the right half has the same places
    tris = head.tris[left[head.tris].all(axis=1)]
    lip, lid = (np.where(ring >= 0, ring, -3.0) for ring in (head.mouth_k, head.eye_k))
    upper = head.eye_q < head.eye_q.max() / 2
    drawn = bake(head.uv, tris, np.column_stack([head.v, lip, lid, upper]), SKIN_PX)
    p, lip, lid, upper = drawn[..., :3], drawn[..., 3], drawn[..., 4], drawn[..., 5]
    return _jpeg(_lids(look.palette, _lips(look.palette, _face(look, p), lip), lid, upper))


def _face(look: Look, p):
    colour = look.palette
    c = _filled(colour.skin, p.shape[:2])
    for amount, at, size in BLUSH:
        c = _mix(c, colour.blush, amount * gauss(p, at, size))
    for x, y, radius in (FRECKLES if look.freckles else ()):
        c = _mix(c, colour.freckle, FRECKLE_AMOUNT * gauss(p[..., :2], (x, y), radius) * (p[..., 2] > FACE_Z))
    amount, at, size = NOSTRIL
    return _mix(c, colour.nostril, amount * gauss(p, at, size))


def _lips(colour: Palette, c, ring):
    c = _mix(c, colour.lip, LIP_RED * smoothstep(LIP_BORDER - 0.6, LIP_BORDER + 1.6, ring))
    c = _mix(c, colour.lip_line, LIP_LINE * smoothstep(LIP_CONTACT - 0.9, LIP_CONTACT + 0.2, ring))
    return _mix(c, colour.mouth_edge, MOUTH_EDGE * smoothstep(LIP_CONTACT + 0.5, LIP_CONTACT + 3, ring))


def _lids(colour: Palette, c, ring, upper):
    edge = smoothstep(LID_MARGIN - 0.6, LID_MARGIN + 0.1, ring)
    fold = np.exp(-((ring - LID_CREASE) / FOLD_RINGS) ** 2) * upper
    tone = smoothstep(LID_CREASE - 0.2, LID_CREASE + 1.0, ring) * upper * (1 - edge)
    for (factor, amount), where in ((LID_EDGE, edge), (LID_FOLD, fold), (LID_TONE, tone)):
        c = _mix(c, np.array(colour.skin) * factor, amount * where)
    return c


def _iris_places(look: Look):
    """(distance from the pupil's middle, height over it) of the eye's texels, in shares of the iris' radius."""
    n, half = EYE_PX, look.eye.iris_deg
    y, x = np.mgrid[0:n, 0:n]
    dx, up = (x + 0.5) / n - 0.5, (0.5 - (y + 0.5) / n) * 2 * TEXTURE_DEG / half
    return np.hypot(dx * 2 * TEXTURE_DEG / half, up), up


def _white(colour: Palette, up):
    return _mix(_filled(colour.sclera, up.shape), colour.sclera_shade, 0.55 * smoothstep(0.35, 1.25, up))


def _iris(look: Look, r, up):
    colour = look.palette
    iris = _mix(_filled(colour.iris_dark, r.shape), colour.iris_light, 1 - smoothstep(-0.75, 0.55, up))
    iris = _mix(iris, colour.iris_glow, GLOW * np.exp(-((r - GLOW_AT) / GLOW_WIDE) ** 2) * (1 - smoothstep(-0.75, 0.15, up)))
    iris = _mix(iris, colour.limbus, 0.85 * smoothstep(*LIMBUS, r))
    pupil = look.eye.pupil_share
    iris = _mix(iris, colour.pupil, 1 - smoothstep(pupil - PUPIL_EDGE, pupil + PUPIL_EDGE, r))
    return _mix(iris, LID_SHADOW, 0.45 * smoothstep(0.25, 0.95, up))


def eye(look: Look):
    """The eye seen from the front, in angles from the pupil's middle."""
    r, up = _iris_places(look)
    return _jpeg(lerp(_white(look.palette, up), _iris(look, r, up), (1 - smoothstep(*IRIS_EDGE, r))[..., None]), EYE_QUALITY)


def iris(look: Look):
    """The iris alone, on the eye's places."""
    return _jpeg(_iris(look, *_iris_places(look)), EYE_QUALITY)


def sclera(look: Look):
    """The white alone, with the iris' dark rim softly upon it."""
    r, up = _iris_places(look)
    return _jpeg(_mix(_white(look.palette, up), look.palette.limbus, RIM * (1 - smoothstep(*RIM_EDGE, r))), EYE_QUALITY)


def hair(colour: Palette):
    """From root (above) to tip; to the right it darkens, for the valleys between locks."""
    u, v = np.meshgrid(*[(np.arange(HAIR_PX) + 0.5) / HAIR_PX] * 2)
    c = _mix(_filled(colour.hair_root, u.shape), colour.hair_tip, smoothstep(0.15, 1.0, v))
    strands = sum(0.5 * np.sin(u * frequency + phase) for phase, frequency in enumerate(STRANDS))
    light = (1 + SHINE * np.exp(-((v - SHINE_AT) / SHINE_WIDE) ** 2)) * (1 + STRAND_AMOUNT * strands)
    return _jpeg(c * (light * (1 - VALLEY * smoothstep(0.72, 1.0, u)))[..., None])


def teeth(colour: Palette):
    """From the biting edge (above) to the gum."""
    v = np.tile(((np.arange(TEETH_PX) + 0.5) / TEETH_PX)[:, None], (1, TEETH_PX))
    gum = GUM_FROM / GUM_TOP
    c = _mix(_filled(colour.tooth, v.shape), colour.gum, smoothstep(gum - 0.02, gum + 0.06, v))
    return _jpeg(c * (0.92 + 0.08 * smoothstep(0.0, 0.2, v))[..., None])


def ear_uv(head, points):
    spot = np.argmin(((head.v - EAR_AT) ** 2).sum(1))
    local = points - points.mean(0) * [0, 1, 1]
    return head.uv[spot] + np.column_stack([local[:, 2], local[:, 1]]) * EAR_SPREAD
