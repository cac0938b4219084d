"""The dark inside of the mouth: a sack from the inner lips backwards."""
import numpy as np

from fields import Fields
from jaw import jaw_part_targets
from vmath import lerp, quads_to_tris, ring_quads

BACK_BELOW_CM, BACK_Z = 0.5, 0.6     # the sack's end
STEPS = (0.18, 0.4, 0.62, 0.82, 0.95)
WIDER, TALLER_CM = 0.12, 0.95        # it bulges behind the lips, so that the corners of a laugh show flesh, not a wall
LIP_FOLLOW = 2.2                     # the sack follows the lips over this part of its depth, then the jaw


def cavity(f: Fields, targets):
    """(vertices, triangles, targets); its first ring moves with the lips."""
    ring = f.head.mouth_rings[-1]
    loop = np.concatenate([ring, f.head.mirror[ring][1:-1][::-1]])
    n, start, low = len(loop), f.v[loop], f.low[loop]
    back = np.array([0.0, f.look.mouth.height - BACK_BELOW_CM, BACK_Z])
    rings = [start]
    deltas = {k: [d[loop]] for k, d in targets.items() if np.abs(d[loop]).max() > 1e-3}
    for share in STEPS:
        bulge = np.sin(np.pi * min(share + 0.15, 1.0))
        wide = start * [1 + WIDER * bulge, 1, 1]
        wide[:, 1] += np.where(low > 0.5, -TALLER_CM, TALLER_CM) * bulge * np.abs(2 * low - 1)
        p = lerp(wide, back, share ** 1.4)
        p[:, 2] = lerp(start[:, 2], BACK_Z, share)
        rings.append(p)
        jaw = jaw_part_targets(p, low * (1 - 0.6 * share))
        for k, d in deltas.items():
            d.append(lerp(d[0], jaw.get(k, np.zeros_like(p)), min(1.0, share * LIP_FOLLOW)))
    v = np.vstack(rings + [back[None]])
    last, top = len(v) - 1, (len(rings) - 1) * n
    end = [[top + i, last, last, top + (i + 1) % n] for i in range(n)]
    quads = np.vstack([ring_quads(len(rings), n, turned=True), end])
    return v, quads_to_tris(quads), {k: np.vstack(d + [np.zeros((1, 3))]) for k, d in deltas.items()}
