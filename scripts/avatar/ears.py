"""A simple ear: a shell that stands away from the head, with a rolled rim, one bowl, a lobe and a tragus.

Its plane has z forward and y up; heights h stand on that plane, away from the head.
"""
import numpy as np

from look import Ear
from vmath import gauss, lerp, quads_to_tris, ring_quads, smoothstep

AROUND = 24
# Rings from the root over the rim into the bowl: (share of the outline, height at the back, height in front).
PROFILE = ((0.62, -1.1, -1.1), (0.86, -0.55, -0.9), (0.97, -0.08, -0.75), (1.0, 0.16, -0.60), (0.98, 0.33, -0.48),
           (0.92, 0.40, -0.38), (0.85, 0.36, -0.30), (0.78, 0.16, -0.24), (0.70, -0.06, -0.20), (0.58, -0.20, -0.20),
           (0.44, -0.30, -0.24), (0.28, -0.36, -0.30), (0.12, -0.38, -0.36), (0.01, -0.39, -0.39))
BOWL_FROM = 7                  # the ring where the bowl begins within the rim
BOWL_CENTRE = (-0.10, 0.16)    # back and up from the outline's centre: the bowl opens forward and above the lobe
FRONT_ROOT = (-1.0, -0.1)       # cosine round the rim: in front of it the ear grows out of the head
LOBE_NARROWER, TOP_WIDER = 0.36, 0.08
LOBE_CM = 0.22                 # height of the lobe, which has no bowl
HINGE_Z = 0.9                  # the ear turns away from the head about its front edge
ANTIHELIX = (0.16, (0.45, -0.45), (0.75, 0.26))       # the fold within the rim: height, place (y, z), width
TRAGUS = (0.26, (-0.25, 0.72), (0.34, 0.22))          # the small flap in front of the bowl

BOWL_SHADE, BOWL_DEPTHS_CM = 0.62, (-0.42, 0.15)


def _outline(look: Ear, angle):
    """(back, up) of the rim; narrow at the lobe, wide above."""
    up = np.sin(angle)
    wide = look.half_width * np.where(up < 0, 1 - LOBE_NARROWER * up ** 2, 1 + TOP_WIDER * up)
    return np.stack([wide * np.cos(angle), look.half_height * up], axis=1)


def _turned(look: Ear, p):
    """Tilted backwards, then turned away from the head."""
    a, f = np.radians(-look.tilt_deg), np.radians(look.flare_deg)
    x, y, z = p.T
    y, z = y * np.cos(a) - z * np.sin(a), y * np.sin(a) + z * np.cos(a) - HINGE_Z
    return np.column_stack([x * np.cos(f) - z * np.sin(f), y, x * np.sin(f) + z * np.cos(f) + HINGE_Z])


def ear(look: Ear):
    """(vertices, triangles, shade) of the left ear; the bowl is darker, as light hardly reaches it."""
    angle = np.arange(AROUND) / AROUND * 2 * np.pi
    rim, back = _outline(look, angle), smoothstep(*FRONT_ROOT, np.cos(angle))
    lobe = np.clip(-np.sin(angle), 0, 1) ** 2
    rings = []
    for share, behind, before in PROFILE:
        filled = lobe * smoothstep(0.2, 0.5, share) * (1 - smoothstep(0.80, 0.95, share))
        height = lerp(lerp(before, behind, back), LOBE_CM, filled)
        place = rim * share + np.array(BOWL_CENTRE) * (1 - share)
        rings.append(np.column_stack([height, place[:, 1], -place[:, 0]]))
    v, inside = np.vstack(rings), np.repeat(np.arange(len(PROFILE)) >= BOWL_FROM, AROUND)
    for height, place, width in (ANTIHELIX, TRAGUS):
        v[:, 0] += height * gauss(v[:, 1:], place, width) * inside
    shade = np.where(inside, lerp(BOWL_SHADE, 1, smoothstep(*BOWL_DEPTHS_CM, v[:, 0])), 1)
    return _turned(look, v) + np.array(look.centre), quads_to_tris(ring_quads(len(PROFILE), AROUND)), shade
