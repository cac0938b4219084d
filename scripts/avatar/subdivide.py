"""One step of Catmull–Clark on chosen faces only: a linear operator, so that targets pass it as positions do.

Chosen faces are split into quads. Their neighbours take the new points into their outline, so that no crack
opens. Every old vertex moves to its smoothed place, also where nothing is split.
"""
import numpy as np


def _mean(values, rows, count):
    """Mean of values (m, c) gathered by rows (m,) into (count, c)."""
    n = np.maximum(np.bincount(rows, minlength=count), 1)[:, None]
    return np.stack([np.bincount(rows, values[:, a], count) for a in range(values.shape[1])], axis=1) / n


class Subdivision:
    """quads (m, 4) over n vertices; a quad with two equal corners is a triangle. chosen (m,) is boolean."""

    def __init__(self, n, quads, chosen):
        self.n = n
        kept = [list(dict.fromkeys(q)) for q in quads.tolist()]
        pairs = [(f, c) for f, c in zip(kept, chosen) if len(f) >= 3]
        self.faces = [f for f, _ in pairs]
        split = [bool(c) for _, c in pairs]
        self.corner_face = np.repeat(np.arange(len(self.faces)), [len(f) for f in self.faces])
        self.corner_vertex = np.concatenate([np.array(f) for f in self.faces])
        nexts = np.concatenate([np.roll(f, -1) for f in self.faces])
        both = np.sort(np.stack([self.corner_vertex, nexts], axis=1), axis=1)
        self.edges, self.corner_edge = np.unique(both, axis=0, return_inverse=True)
        self.corner_edge = self.corner_edge.ravel()
        used = np.bincount(self.corner_edge, minlength=len(self.edges))
        self.inner_edge = used == 2
        self.border = np.zeros(n, bool)
        self.border[self.edges[~self.inner_edge].ravel()] = True
        is_split = np.array(split)
        self.split_face = np.where(is_split)[0]
        cut = np.zeros(len(self.edges), bool)
        cut[self.corner_edge[is_split[self.corner_face]]] = True
        self.split_edge = np.where(cut)[0]
        self.tris = self._triangles(split)

    def _triangles(self, split):
        edge_id = -np.ones(len(self.edges), int)
        edge_id[self.split_edge] = self.n + np.arange(len(self.split_edge))
        face_id = -np.ones(len(self.faces), int)
        face_id[self.split_face] = self.n + len(self.split_edge) + np.arange(len(self.split_face))
        out, at = [], 0
        for i, f in enumerate(self.faces):
            e = edge_id[self.corner_edge[at:at + len(f)]]
            at += len(f)
            if split[i]:
                for k in range(len(f)):
                    a, after, middle, before = f[k], e[k], face_id[i], e[k - 1]
                    out += [[a, after, middle], [a, middle, before]]
                continue
            outline = [x for k in range(len(f)) for x in ([f[k], e[k]] if e[k] >= 0 else [f[k]])]
            out += _fan(outline, self.n)
        return np.array(out)

    def apply(self, x):
        """Values (n, c) at the old vertices to values (m, c) at the new ones."""
        faces = _mean(x[self.corner_vertex], self.corner_face, len(self.faces))
        ends = 0.5 * (x[self.edges[:, 0]] + x[self.edges[:, 1]])
        sides = _mean(faces[self.corner_face], self.corner_edge, len(self.edges))
        points = np.where(self.inner_edge[:, None], 0.5 * (ends + sides), ends)
        return np.vstack([self._smoothed(x, faces, ends), points[self.split_edge], faces[self.split_face]])

    def _smoothed(self, x, faces, ends):
        valence = np.maximum(np.bincount(self.edges.ravel(), minlength=self.n), 1)[:, None]
        around = _mean(faces[self.corner_face], self.corner_vertex, self.n)
        towards = _mean(np.repeat(ends, 2, axis=0), self.edges.ravel(), self.n)
        inside = (around + 2 * towards + (valence - 3) * x) / valence
        rim = self.edges[~self.inner_edge].ravel()
        along = _mean(np.repeat(ends[~self.inner_edge], 2, axis=0), rim, self.n)
        return np.where(self.border[:, None], 0.5 * (x + along), inside)


def _fan(outline, n):
    """Triangles of a polygon, from a new point (index n or more) where it has one: no corner is left flat."""
    start = next((k for k, vertex in enumerate(outline) if vertex >= n), 0)
    turned = outline[start:] + outline[:start]
    return [[turned[0], turned[k], turned[k + 1]] for k in range(1, len(turned) - 1)]
