"""Eyeballs."""
import numpy as np

from look import Eye
from vmath import smoothstep

AROUND = 32
# Rings by their angle from the pupil's middle; closer together at the iris' edge, which is seen.
RINGS_DEG = (5, 10, 14, 18, 22, 26, 30, 32.5, 35, 40, 46, 56, 68, 82, 100, 130)
IRIS_RING_DEG = 32.5            # look.Eye.iris_deg: a ring lies on its edge
CORNEA_RISE_CM = 0.04
CORNEA_ENDS = (0.55, 1.15)     # of the iris' half angle: there the rise begins to fall, and has fallen
TEXTURE_DEG = 105.0            # angle that the texture's edge stands for


def eyeball(eye: Eye):
    """(vertices, triangles, uv) of the left eyeball about its own centre, the pupil towards +Z."""
    turn = np.arange(AROUND) / AROUND * 2 * np.pi
    polar = np.radians(np.repeat(RINGS_DEG, AROUND))
    about = np.tile(turn, len(RINGS_DEG))
    v = np.stack([np.sin(polar) * np.cos(about), np.sin(polar) * np.sin(about), np.cos(polar)], axis=1)
    r = np.minimum(np.degrees(polar) / TEXTURE_DEG, 1.0) * 0.5
    uv = np.stack([0.5 + r * np.cos(about), 0.5 - r * np.sin(about)], axis=1)
    v, uv = np.vstack([[[0, 0, 1.0]], v, [[0, 0, -1.0]]]), np.vstack([[[0.5, 0.5]], uv, [[0.5, 0.999]]])
    from_pupil = np.degrees(np.arccos(np.clip(v[:, 2], -1, 1)))
    radius = eye.ball_radius + CORNEA_RISE_CM * (1 - smoothstep(*CORNEA_ENDS, from_pupil / eye.iris_deg))
    return v * radius[:, None], _ball_tris(AROUND, len(RINGS_DEG)), uv


def in_iris(tris):
    """Which of the eyeball's triangles lie within the iris."""
    rim = 1 + AROUND * (RINGS_DEG.index(IRIS_RING_DEG) + 1)
    return tris.max(axis=1) < rim


def _ball_tris(n, rings):
    """Vertex 0 is the front pole, the last one the back pole."""
    tris, last = [[0, 1 + i, 1 + (i + 1) % n] for i in range(n)], 1 + rings * n
    for k in range(rings - 1):
        a, b = 1 + k * n, 1 + (k + 1) * n
        tris += [t for i in range(n) for t in ([a + i, b + i, b + (i + 1) % n], [a + i, b + (i + 1) % n, a + (i + 1) % n])]
    a = 1 + (rings - 1) * n
    return np.array(tris + [[a + i, last, a + (i + 1) % n] for i in range(n)])
