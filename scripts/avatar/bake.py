"""Values at vertices drawn over the texture's space, as textures are painted by what lies on the face."""
import numpy as np

GROWN_TEXELS = 24              # beyond the mesh's borders: mipmaps reach over them
EDGE = 0.02                    # a triangle's texels reach over its edges by this share, so that none stays empty


def bake(uv, tris, values, size):
    """(size, size, c) of values (n, c) at places uv (n, 2), triangle by triangle."""
    out, done = np.zeros((size, size, values.shape[1])), np.zeros((size, size), bool)
    places = uv * size - 0.5
    for tri in tris:
        p = places[tri]
        lo = np.maximum(np.floor(p.min(0)).astype(int), 0)
        hi = np.minimum(np.ceil(p.max(0)).astype(int) + 1, size)
        a, b = p[1] - p[0], p[2] - p[0]
        area = a[0] * b[1] - a[1] * b[0]
        if (hi <= lo).any() or abs(area) < 1e-9:
            continue
        x, y = np.meshgrid(np.arange(lo[0], hi[0]), np.arange(lo[1], hi[1]))
        dx, dy = x - p[0, 0], y - p[0, 1]
        u, v = (dx * b[1] - dy * b[0]) / area, (a[0] * dy - a[1] * dx) / area
        inside = (u >= -EDGE) & (v >= -EDGE) & (u + v <= 1 + EDGE)
        u, v = u[inside][:, None], v[inside][:, None]
        out[y[inside], x[inside]] = values[tri[0]] * (1 - u - v) + values[tri[1]] * u + values[tri[2]] * v
        done[y[inside], x[inside]] = True
    return _grown(out, done)


def _grown(out, done):
    for _ in range(GROWN_TEXELS):
        total, count = np.zeros_like(out), np.zeros(done.shape)
        for shift in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            total += np.roll(out * done[..., None], shift, (0, 1))
            count += np.roll(done, shift, (0, 1))
        new = ~done & (count > 0)
        out[new] = total[new] / count[new][:, None]
        done = done | new
    return out
