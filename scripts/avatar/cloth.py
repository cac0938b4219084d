"""A plain top with a rounded neckline and a rolled edge."""
import numpy as np
import shape
from vmath import quads_to_tris

AROUND, ROWS = 56, 14
BOTTOM_Y = -31.0
GAP_CM = 0.30          # distance between skin and cloth


def top():
    theta = np.arange(AROUND) / AROUND * 2 * np.pi
    edge = shape.neckline(theta)
    n = shape.gradient(shape.body, edge)
    inner = shape.walk_down(edge, theta, 1, lambda k: 0.5, 0.0)[0]
    rings = [inner - 0.25 * shape.gradient(shape.body, inner), edge + 0.02 * n, edge + 0.26 * n]
    first = shape.walk_down(edge, theta, 2, lambda k: 0.22, GAP_CM + 0.12)
    seam = shape.walk_down(first[-1], theta, 2, lambda k: 0.22, GAP_CM)
    rings += first + seam
    rings += shape.walk_down(rings[-1], theta, ROWS, lambda k: 0.6 + 0.12 * k, GAP_CM)
    rings[-1][:, 1] = BOTTOM_Y
    v = np.vstack(rings)
    v[:, 1] = np.maximum(v[:, 1], BOTTOM_Y)
    n = AROUND
    quads = [[k * n + i, (k + 1) * n + i, (k + 1) * n + (i + 1) % n, k * n + (i + 1) % n]
             for k in range(len(rings) - 1) for i in range(n)]
    return v, quads_to_tris(quads)
