"""Where a surface passes through itself: edges of triangles that pierce other triangles."""
import numpy as np

APART_CM = 0.05                # less is no more than a pixel and a half of a portrait of 1,024: an edge must reach that far to both sides
INSIDE = 1e-3                  # and pierce the triangle away from its edges


def _near(lo, hi):
    """Pairs (m, 2) of boxes that overlap, the first with the lower number."""
    order = np.argsort(lo[:, 0])
    lo, hi = lo[order], hi[order]
    end = np.searchsorted(lo[:, 0], hi[:, 0], side="right")
    count = np.maximum(end - np.arange(len(lo)) - 1, 0)
    a = np.repeat(np.arange(len(lo)), count)
    b = a + 1 + np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    keep = ((lo[a, 1:] <= hi[b, 1:]) & (hi[a, 1:] >= lo[b, 1:])).all(axis=1)
    return np.stack([order[a[keep]], order[b[keep]]], axis=1)


def _pierced(p, q, tri):
    """Whether segments p–q (m, 3) pass through triangles (m, 3, 3)."""
    a, e, f = tri[:, 0], tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]
    n = np.cross(e, f)
    n = n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    from_p, from_q = ((p - a) * n).sum(1), ((q - a) * n).sum(1)
    through = (from_p * from_q < 0) & (np.minimum(np.abs(from_p), np.abs(from_q)) > APART_CM)
    s = from_p / np.where(through, from_p - from_q, 1.0)
    x = p + (q - p) * s[:, None] - a
    ee, ff, ef, xe, xf = (e * e).sum(1), (f * f).sum(1), (e * f).sum(1), (x * e).sum(1), (x * f).sum(1)
    det = np.maximum(ee * ff - ef * ef, 1e-18)
    u, w = (ff * xe - ef * xf) / det, (ee * xf - ef * xe) / det
    return through & (u > INSIDE) & (w > INSIDE) & (u + w < 1 - INSIDE)


def count(v, tris):
    """How many pairs of triangles that share no corner pass through each other."""
    corners = v[tris]
    pairs = _near(corners.min(axis=1), corners.max(axis=1))
    a, b = tris[pairs[:, 0]], tris[pairs[:, 1]]
    pairs = pairs[~(a[:, :, None] == b[:, None, :]).any(axis=(1, 2))]
    crossed = np.zeros(len(pairs), bool)
    for first, second in (pairs.T, pairs.T[::-1]):
        for k in range(3):
            crossed |= _pierced(corners[first, k], corners[first, (k + 1) % 3], corners[second])
    return int(crossed.sum())
