"""Ears: a curved plate with helix, antihelix, bowl and lobe, closed behind and sunk into the head."""
import numpy as np
from vmath import gauss, lerp, quads_to_tris

EAR_CENTRE = np.array([6.5, -1.15, -1.1])
EAR_HALF_H, EAR_HALF_W = 2.35, 1.35
TILT_DEG, FLARE_DEG = 10.0, 20.0
AROUND = 36


def _outline(phi):
    """Half-distance of the rim; phi = 0 backwards, 90 up."""
    c, s = np.cos(phi), np.sin(phi)
    w = EAR_HALF_W * np.where(s < 0, 1 - 0.38 * s ** 2, 1.0)
    return np.stack([w * c * 1.0, EAR_HALF_H * s], axis=1)


def ear():
    """Left ear: vertices, triangles."""
    phi = np.arange(AROUND) / AROUND * 2 * np.pi
    rim = _outline(phi)
    back = (1 + np.cos(phi)) / 2                  # 1 at the back edge, 0 at the cheek
    lobe = np.clip(-np.sin(phi), 0, 1) ** 3
    rings = []
    # (share of the outline, height at the back edge, height at the front edge)
    helix = 1 - 0.75 * lobe
    profile = [(0.62, -0.95, -0.8, 0), (0.86, -0.45, -0.5, 0), (0.99, -0.1, -0.2, 0), (1.0, 0.10, -0.05, 0), (0.95, 0.24, 0.08, .3), (0.88, 0.20, 0.1, .6),
               (0.80, 0.02, 0.05, 1), (0.70, -0.04, 0.05, 1), (0.58, 0.14, 0.06, .6), (0.48, 0.12, 0.0, .3), (0.36, -0.28, -0.12, 0), (0.18, -0.48, -0.3, 0), (0.04, -0.52, -0.4, 0)]
    for share, hb, hf, dip in profile:
        h = lerp(hf, hb, back)
        h = np.where(dip > 0, lerp(h, 0.14, (1 - helix) * dip), h)
        p = rim * share
        p = p + np.array([-0.12, 0.1]) * (1 - share)
        rings.append(np.column_stack([h, p[:, 1], -p[:, 0]]))
    v = np.vstack(rings)
    n = AROUND
    quads = [[k * n + i, k * n + (i + 1) % n, (k + 1) * n + (i + 1) % n, (k + 1) * n + i]
             for k in range(len(profile) - 1) for i in range(n)]
    # tragus
    v[:, 0] += 0.28 * gauss(v, (0.0, -0.15, 0.72), (1.0, 0.35, 0.22)) * (v[:, 0] > -0.4)
    a, f = np.radians(-TILT_DEG), np.radians(FLARE_DEG)
    y, z = v[:, 1] * np.cos(a) - v[:, 2] * np.sin(a), v[:, 1] * np.sin(a) + v[:, 2] * np.cos(a)
    x = v[:, 0] * np.cos(f) - (z - 0.9) * np.sin(f)
    z = v[:, 0] * np.sin(f) + (z - 0.9) * np.cos(f) + 0.9
    return np.column_stack([x, y, z]) + EAR_CENTRE, quads_to_tris(quads)[:, ::-1]
