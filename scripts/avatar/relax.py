"""Evening out a half mesh whose midline lies at x = 0 (its mirrored half counts as neighbour)."""
import numpy as np

from shape import Form, project
from vmath import gauss

NOSE = ((0, -2.5, 8.2), (1.3, 1.0, 1.6))
NOSE_DENSITY = 4.0           # how much closer the mesh lies round the tip of the nose


def edges_of(quads):
    """Unique edges (m, 2) of quads; a repeated corner gives none."""
    e = np.vstack([quads[:, [a, (a + 1) % 4]] for a in range(4)])
    return np.unique(np.sort(e[e[:, 0] != e[:, 1]], axis=1), axis=0)


class _Neighbours:
    def __init__(self, v, quads):
        self.e = edges_of(quads)
        self.n = len(v)
        self.mid = np.abs(v[:, 0]) < 1e-6
        first, second = self.mid[self.e[:, 0]], self.mid[self.e[:, 1]]
        self.to_first = np.where(first & ~second, 2.0, 1.0)
        self.to_second = np.where(second & ~first, 2.0, 1.0)

    def mean(self, v, stiff=1.0):
        a, b = self.e[:, 0], self.e[:, 1]
        wa, wb = stiff * self.to_first, stiff * self.to_second
        total = np.bincount(a, wa, self.n) + np.bincount(b, wb, self.n)
        gathered = [np.bincount(a, wa * v[b, k], self.n) + np.bincount(b, wb * v[a, k], self.n) for k in range(3)]
        return np.stack(gathered, axis=1) / np.maximum(total, 1e-9)[:, None]


def relax(form: Form, v, quads, pin, rounds=140):
    """Even out the spacing of free vertices while they stay on the skin's surface."""
    near, free = _Neighbours(v, quads), ~pin
    for _ in range(rounds):
        stiff = 1 + NOSE_DENSITY * gauss(0.5 * (v[near.e[:, 0]] + v[near.e[:, 1]]), *NOSE)
        v[free] += 0.5 * (near.mean(v, stiff) - v)[free]
        v[near.mid, 0] = 0.0
        v[free] = project(form.skin, v[free], steps=1)
        v[near.mid, 0] = 0.0
    v[free] = project(form.skin, v[free], steps=4)
    v[near.mid, 0] = 0.0
    return v


def soften(v, quads, weight, rounds=20):
    """Laplacian smoothing by weight (n,) 0..1, without keeping to the surface."""
    near = _Neighbours(v, quads)
    for _ in range(rounds):
        v = v + (0.5 * weight)[:, None] * (near.mean(v) - v)
        v[near.mid, 0] = 0.0
    return v
