"""A part of an avatar: one mesh of one material, in centimetres about the head."""
from dataclasses import dataclass, field

import numpy as np

Displacements = dict[str, np.ndarray]


@dataclass
class Part:
    """Vertices (n, 3) and triangles (m, 3); what else a vertex has is (n, …) or missing."""
    name: str
    material: str
    v: np.ndarray
    tris: np.ndarray
    weights: tuple[np.ndarray, np.ndarray]           # joints (n, 4) and their shares (n, 4)
    uv: np.ndarray | None = None
    targets: Displacements = field(default_factory=dict)
    shade: np.ndarray | None = None                  # 0..1, darkens the material
    alpha: np.ndarray | None = None                  # 0..1, of what lies on skin like paint
    normals: np.ndarray | None = None                # those of its own triangles unless given
    turns: Displacements = field(default_factory=dict)   # changes of normals in targets whose own places do not tell them

    def used(self) -> "Part":
        """Without the vertices that no triangle has."""
        kept, place = np.unique(self.tris, return_inverse=True)
        uv, shade, alpha, normals = (None if x is None else x[kept] for x in (self.uv, self.shade, self.alpha, self.normals))
        return Part(self.name, self.material, self.v[kept], place.reshape(self.tris.shape),
                    (self.weights[0][kept], self.weights[1][kept]), uv, {k: d[kept] for k, d in self.targets.items()}, shade, alpha, normals,
                    {k: n[kept] for k, n in self.turns.items()})


def mirrored(v, tris):
    return v * [-1, 1, 1], tris[:, ::-1]


def pair(v, tris):
    """A left part with its mirror image."""
    other, turned = mirrored(v, tris)
    return np.vstack([v, other]), np.vstack([tris, turned + len(v)])


def pair_targets(targets):
    """Targets of a left part, without side, for the pair of it."""
    still = np.zeros_like(next(iter(targets.values())))
    left = {k + "Left": np.vstack([d, still]) for k, d in targets.items()}
    return left | {k + "Right": np.vstack([still, d * [-1, 1, 1]]) for k, d in targets.items()}


def joined(meshes):
    """One mesh of several (vertices, triangles, …); what else they have is stacked."""
    first = np.cumsum([0] + [len(mesh[0]) for mesh in meshes])
    rest = [np.concatenate(column) for column in list(zip(*meshes))[2:]]
    return np.vstack([mesh[0] for mesh in meshes]), np.vstack([mesh[1] + n for mesh, n in zip(meshes, first)]), *rest
