"""Places on the skin that stay there whatever the face does: each lies in a triangle and moves with its corners."""
from dataclasses import dataclass

import numpy as np

from vmath import normalize, vertex_normals

LEAST_DET = 1e-9               # rays that run along a triangle do not hit it
OVER_EDGE = 1e-6


@dataclass(frozen=True)
class Anchors:
    """Corners (m, 3) among the skin's vertices and their shares (m, 3)."""
    corners: np.ndarray
    shares: np.ndarray

    def mean(self, values):
        """Values (n, c) at the skin's vertices, at the places."""
        return (values[self.corners] * self.shares[..., None]).sum(1)

    def over(self, v, tris, height):
        """Points (m, 3) at heights (m,) in cm over the skin (v, tris)."""
        return self.mean(v) + self.normals(v, tris) * np.asarray(height)[..., None]

    def normals(self, v, tris):
        """The skin's normals (m, 3) there."""
        return normalize(self.mean(vertex_normals(v, tris)))

    def targets(self, moves):
        """Displacements of the places in every target of the skin that reaches them."""
        here = {k: self.mean(d) for k, d in moves.items()}
        return {k: d for k, d in here.items() if np.abs(d).max() > 0}


def _hit(origin, direction, a, e, f):
    """(t, u, w) of one ray on triangles with corner a and edges e, f; t is minus infinity where it misses."""
    p = np.cross(direction, f)
    det = (e * p).sum(1)
    safe = np.where(np.abs(det) < LEAST_DET, 1.0, det)
    s = origin - a
    u = (s * p).sum(1) / safe
    q = np.cross(s, e)
    w = (q @ direction) / safe
    t = (f * q).sum(1) / safe
    inside = (np.abs(det) >= LEAST_DET) & (u >= -OVER_EDGE) & (w >= -OVER_EDGE) & (u + w <= 1 + OVER_EDGE)
    return np.where(inside, t, -np.inf), u, w


def cast_on(v, tris, origins, directions) -> Anchors:
    """Where rays leave the skin for good: their last hits."""
    a, e, f = v[tris[:, 0]], v[tris[:, 1]] - v[tris[:, 0]], v[tris[:, 2]] - v[tris[:, 0]]
    corners, shares = [], []
    for origin, direction in zip(origins, directions):
        t, u, w = _hit(origin, direction, a, e, f)
        last = int(np.argmax(t))
        if not np.isfinite(t[last]):
            raise ValueError(f"no skin from {origin} towards {direction}")
        corners.append(tris[last])
        shares.append((1 - u[last] - w[last], u[last], w[last]))
    return Anchors(np.array(corners), np.array(shares))


def seen_from_front(v, tris, xy) -> Anchors:
    """The foremost places at x and y (m, 2)."""
    origins = np.column_stack([xy, np.zeros(len(xy))])
    return cast_on(v, tris, origins, np.tile([0.0, 0.0, 1.0], (len(xy), 1)))
