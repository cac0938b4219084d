"""Round rods along lines: the rims and temples of glasses."""
import numpy as np

from vmath import normalize, quads_to_tris, ring_quads

AROUND = 8


def tube(line, up, half_cm, closed=False):
    """(vertices, triangles) of a rod along points (n, 3); up (3,) is roughly across it, half_cm its halves (across, along up)."""
    along = normalize(np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0))
    side = normalize(np.cross(along, np.asarray(up, float)))
    over = np.cross(side, along)
    turn = np.arange(AROUND) / AROUND * 2 * np.pi
    ring = np.cos(turn)[None, :, None] * side[:, None] * half_cm[0] + np.sin(turn)[None, :, None] * over[:, None] * half_cm[1]
    v = (line[:, None] + ring).reshape(-1, 3)
    rows = len(line)
    quads = ring_quads(rows, AROUND)
    if closed:
        last = (rows - 1) * AROUND + np.arange(AROUND)
        first = np.arange(AROUND)
        quads = np.vstack([quads, np.stack([last, np.roll(last, -1), np.roll(first, -1), first], axis=1)])
        return v, quads_to_tris(quads)
    v = np.vstack([v, line[0], line[-1]])
    a, b, end = len(v) - 2, len(v) - 1, (rows - 1) * AROUND
    caps = [[a, (i + 1) % AROUND, i] for i in range(AROUND)] + [[b, end + i, end + (i + 1) % AROUND] for i in range(AROUND)]
    return v, np.vstack([quads_to_tris(quads), caps])
