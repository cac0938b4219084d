"""Simple stylised ear: a rounded cup with a rolled rim and one bowl."""
import numpy as np

from look import Ear
from vmath import gauss, lerp, quads_to_tris

AROUND = 20


def ear(look: Ear):
    phi = np.arange(AROUND) / AROUND * 2 * np.pi
    c, s = np.cos(phi), np.sin(phi)
    w = look.half_width * np.where(s < 0, 1 - 0.36 * s ** 2, 1.0 + 0.08 * s)
    rim = np.stack([w * c, look.half_height * s], axis=1)
    back = (1 + c) / 2
    lobe = np.clip(-s, 0, 1) ** 3
    rings = []
    # (share of outline, height back, height front)
    profile = [(0.55, -1.0, -0.9), (0.80, -0.60, -0.6), (0.93, -0.25, -0.40), (0.99, 0.02, -0.2), (1.0, 0.20, -0.06), (0.97, 0.34, 0.04), (0.92, 0.40, 0.09),
               (0.86, 0.38, 0.10), (0.80, 0.26, 0.07), (0.75, 0.10, 0.02), (0.69, 0.0, -0.02), (0.60, -0.05, -0.04), (0.48, -0.09, -0.07), (0.34, -0.12, -0.09), (0.18, -0.14, -0.11), (0.03, -0.14, -0.12)]
    for share, hb, hf in profile:
        h = lerp(hf, hb, back)
        if 0.3 < share < 0.8:
            h = lerp(h, 0.24, lobe)
        p = rim * share + np.array([-0.10, 0.16]) * (1 - share)
        rings.append(np.column_stack([h, p[:, 1], -p[:, 0]]))
    v = np.vstack(rings)
    n = AROUND
    quads = [[k * n + i, k * n + (i + 1) % n, (k + 1) * n + (i + 1) % n, (k + 1) * n + i] for k in range(len(profile) - 1) for i in range(n)]
    v[:, 0] += 0.10 * gauss(v, (0.0, 0.45, -0.4), (1.0, 0.8, 0.28)) * (v[:, 0] > -0.4)      # antihelix
    a, f = np.radians(-look.tilt_deg), np.radians(look.flare_deg)
    y, z = v[:, 1] * np.cos(a) - v[:, 2] * np.sin(a), v[:, 1] * np.sin(a) + v[:, 2] * np.cos(a)
    x = v[:, 0] * np.cos(f) - (z - 0.9) * np.sin(f)
    z = v[:, 0] * np.sin(f) + (z - 0.9) * np.cos(f) + 0.9
    return np.column_stack([x, y, z]) + np.array(look.centre), quads_to_tris(quads)[:, ::-1]
