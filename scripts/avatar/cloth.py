"""A plain top with a rounded neckline and a rolled collar."""
import numpy as np

from shape import Form, gradient
from vmath import quads_to_tris, ring_quads

AROUND, ROWS = 48, 12
BOTTOM_Y = -31.0               # below every picture's edge
GAP_CM = 0.30                  # distance between skin and cloth
INSIDE_CM, INSIDE_DEEP_CM = 0.5, 0.25            # the collar begins that far within the neckline, that deep in the skin
COLLAR_STEP_CM = 0.15
COLLAR_OUT_CM = (0.02, 0.22, 0.35, 0.42, 0.42, 0.36, 0.24, 0.10, GAP_CM)   # its roll, ring by ring, and the seam below it
FIRST_ROW_CM, ROW_GROWS_CM = 0.7, 0.14           # rows lie closer under the collar


def top(form: Form):
    """(vertices, triangles, whether each triangle is of the collar)."""
    theta = np.arange(AROUND) / AROUND * 2 * np.pi
    edge = form.neckline(theta)
    inner = form.walk_down(edge, theta, 1, lambda k: INSIDE_CM, 0.0)[0]
    roll = [edge] + form.walk_down(edge, theta, len(COLLAR_OUT_CM) - 1, lambda k: COLLAR_STEP_CM, 0.0)
    rings = [inner - INSIDE_DEEP_CM * gradient(form.torso, inner)]
    rings += [p + out * gradient(form.torso, p) for p, out in zip(roll, COLLAR_OUT_CM)]
    rings += form.walk_down(rings[-1], theta, ROWS, lambda k: FIRST_ROW_CM + ROW_GROWS_CM * k, GAP_CM)
    rings[-1][:, 1] = BOTTOM_Y
    v, n = np.vstack(rings), AROUND
    v[:, 1] = np.maximum(v[:, 1], BOTTOM_Y)
    tris = quads_to_tris(ring_quads(len(rings), n, turned=True))
    return v, tris, (tris // n).max(axis=1) < len(COLLAR_OUT_CM)
