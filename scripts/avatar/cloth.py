"""Tops: one plain body with a rounded neckline, and what may close it: a rolled collar, a roll neck, a shirt's collar."""
import numpy as np

from shape import Form, cast, gradient
from vmath import lerp, quads_to_tris, ring_quads

AROUND, ROWS = 48, 12
BOTTOM_Y = -31.0               # below every picture's edge
GAP_CM = 0.30                  # distance between skin and cloth
INSIDE_CM, INSIDE_DEEP_CM = 0.5, 0.25            # the collar begins that far within the neckline, that deep in the skin
COLLAR_STEP_CM = 0.15
COLLAR_OUT_CM = (0.02, 0.22, 0.35, 0.42, 0.42, 0.36, 0.24, 0.10, GAP_CM)   # its roll, ring by ring, and the seam below it
FIRST_ROW_CM, ROW_GROWS_CM = 0.7, 0.14           # rows lie closer under the collar


def _rings(form: Form, out_cm):
    """Rings of a top (n, AROUND, 3): a collar standing out that much, ring by ring, and the body below it."""
    theta = np.arange(AROUND) / AROUND * 2 * np.pi
    edge = form.neckline(theta)
    inner = form.walk_down(edge, theta, 1, lambda k: INSIDE_CM, 0.0)[0]
    roll = [edge] + form.walk_down(edge, theta, len(out_cm) - 1, lambda k: COLLAR_STEP_CM, 0.0)
    rings = [inner - INSIDE_DEEP_CM * gradient(form.torso, inner)]
    rings += [p + out * gradient(form.torso, p) for p, out in zip(roll, out_cm)]
    rings += form.walk_down(rings[-1], theta, ROWS, lambda k: FIRST_ROW_CM + ROW_GROWS_CM * k, GAP_CM)
    rings[-1][:, 1] = BOTTOM_Y
    return rings


def top(form: Form):
    """(vertices, triangles, whether each triangle is of the collar)."""
    rings, n = _rings(form, COLLAR_OUT_CM), AROUND
    v = np.vstack(rings)
    v[:, 1] = np.maximum(v[:, 1], BOTTOM_Y)
    tris = quads_to_tris(ring_quads(len(rings), n, turned=True))
    return v, tris, (tris // n).max(axis=1) < len(COLLAR_OUT_CM)


FLAT_OUT_CM = (0.02, *[GAP_CM] * (len(COLLAR_OUT_CM) - 1))


def yoke(form: Form):
    """(vertices, triangles): the same place flat, under a roll neck or a shirt's collar."""
    rings = _rings(form, FLAT_OUT_CM)[:len(FLAT_OUT_CM) + 1]
    return np.vstack(rings), quads_to_tris(ring_quads(len(rings), AROUND, turned=True))


# Up the neck from the neckline: (share of the way to the top, cm off the skin); folded over at the top and down again.
ROLL_NECK = ((-0.10, -0.1), (0.0, 0.45), (0.25, 0.50), (0.55, 0.46), (0.85, 0.46), (0.97, 0.42), (1.03, 0.52), (1.0, 0.72),
             (0.85, 0.84), (0.55, 0.88), (0.28, 0.88), (0.20, 0.80), (0.20, 0.60))
NECK_FAR_CM = 5.5              # rays to the neck start within the shoulders' width
ROLL_NECK_TOP_Y = (-9.5, -11.5)        # behind, in front: below the nape and an open jaw


def _round_the_neck(form: Form, theta, y):
    """Points on the neck at angles theta and heights y (n,), and their normals."""
    k = form.look.neck
    share = np.clip((k.top[1] - y) / (k.top[1] - k.foot[1]), 0, 1)
    origin = np.column_stack([np.zeros_like(theta), y, k.top[2] + (k.foot[2] - k.top[2]) * share])
    d = np.column_stack([np.sin(theta), np.zeros_like(theta), np.cos(theta)])
    p = cast(form.torso, origin, d, far=NECK_FAR_CM)
    return p, d


def roll_neck(form: Form):
    """(vertices, triangles) of a folded tube round the neck."""
    theta = np.arange(AROUND) / AROUND * 2 * np.pi
    foot = form.neckline(theta)
    top_y = np.interp(np.cos(theta), (-1, 1), ROLL_NECK_TOP_Y)
    top, out = _round_the_neck(form, theta, top_y)
    rings = []
    for share, off in ROLL_NECK:
        y = lerp(foot[:, 1], top_y, share)
        straight = foot + max(share, 0.0) * (top - foot)
        p = lerp(straight, _round_the_neck(form, theta, y)[0], np.clip(2 * share, 0, 1))
        p[:, 1] = y
        rings.append(p + off * out)
    return np.vstack(rings), quads_to_tris(ring_quads(len(rings), AROUND))


SHIRT_OPEN_DEG = (-0.4, 4.5)   # half the gap in front: where it stands, the edges one over the other, and between its points
# Over the neckline: (height in cm, cm off the neck); up within, over the fold and down to the point.
SHIRT_STAND = ((-0.5, 0.0), (0.5, 0.26), (1.25, 0.34), (1.55, 0.42), (1.66, 0.56), (1.55, 0.74), (1.0, 1.0), (0.3, 1.32))
SHIRT_POINT = ((-0.55, 1.62), (-1.55, 2.1))         # the last row: behind, at the points in front
SHIRT_LOW_CM = 0.9             # how much lower it stands in front than behind
SHIRT_AROUND = 47


def shirt_collar(form: Form):
    """(vertices, triangles) of a shirt's folded collar, open in front."""
    def ring(open_deg, height, off):
        theta = np.radians(np.linspace(open_deg, 360 - open_deg, SHIRT_AROUND))
        out, forwards = np.column_stack([np.sin(theta), np.zeros_like(theta), np.cos(theta)]), np.clip(np.cos(theta), 0, 1)
        return form.neckline(theta) + np.column_stack([0 * theta, height(forwards), 0 * theta]) + off(forwards)[:, None] * out

    shut, wide = SHIRT_OPEN_DEG
    fold = max(range(len(SHIRT_STAND)), key=lambda i: SHIRT_STAND[i][0])
    rings = [ring(lerp(shut, wide, max(i - fold, 0) / (len(SHIRT_STAND) - fold)),
                  lambda f, y=y: y - SHIRT_LOW_CM * f ** 3 * (y > 0), lambda f, off=off: np.full_like(f, off))
             for i, (y, off) in enumerate(SHIRT_STAND)]
    (behind, off_b), (point, off_p) = SHIRT_POINT
    rings.append(ring(wide, lambda f: lerp(behind, point, f ** 6), lambda f: lerp(off_b, off_p, f ** 3)))
    return np.vstack(rings), quads_to_tris(ring_quads(len(rings), SHIRT_AROUND, closed=False))
