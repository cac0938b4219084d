"""A plain top with a rounded neckline and a rolled edge."""
import numpy as np
from shape import Form, gradient
from vmath import quads_to_tris

AROUND, ROWS = 44, 12
BOTTOM_Y = -31.0
GAP_CM = 0.30          # distance between skin and cloth


def top(form: Form):
    theta = np.arange(AROUND) / AROUND * 2 * np.pi
    edge = form.neckline(theta)
    n = gradient(form.torso, edge)
    inner = form.walk_down(edge, theta, 1, lambda k: 0.5, 0.0)[0]
    steps = form.walk_down(edge, theta, 8, lambda k: 0.2, 0.0)
    collar = [edge] + steps
    rings = [inner - 0.25 * gradient(form.torso, inner)]
    for p, off in zip(collar, (0.02, 0.34, 0.52, 0.60, 0.60, 0.54, 0.42, 0.22, 0.30)):
        rings.append(p + off * gradient(form.torso, p))
    rings += form.walk_down(rings[-1], theta, ROWS, lambda k: 0.6 + 0.12 * k, GAP_CM)
    rings[-1][:, 1] = BOTTOM_Y
    v = np.vstack(rings)
    v[:, 1] = np.maximum(v[:, 1], BOTTOM_Y)
    n = AROUND
    quads = [[k * n + i, (k + 1) * n + i, (k + 1) * n + (i + 1) % n, k * n + (i + 1) % n]
             for k in range(len(rings) - 1) for i in range(n)]
    return v, quads_to_tris(quads)
