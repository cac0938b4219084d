"""Parts that lie on the skin and move with it: beards, freckles, lines."""
from dataclasses import dataclass

import numpy as np

from anchors import Anchors
from parts import Part
from skeleton import rigid


@dataclass(frozen=True)
class OnSkin:
    """A mesh on places of the skin, at heights (m,) in cm over it: the same for any skin of the same mesh."""
    name: str
    material: str
    anchors: Anchors
    height: np.ndarray
    tris: np.ndarray
    uv: np.ndarray | None = None
    alpha: np.ndarray | None = None        # of what tints the skin beneath it, and is lit as that is

    def part(self, head: Part) -> Part:
        v = self.anchors.over(head.v, head.tris, self.height)
        normals = None if self.alpha is None else self.anchors.normals(head.v, head.tris)
        return Part(self.name, self.material, v, self.tris, rigid(len(v), "Head"), self.uv, self.anchors.targets(head.targets),
                    alpha=self.alpha, normals=normals)
