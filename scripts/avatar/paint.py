"""Procedural textures: skin (over the head's UV layout), eye, hair and teeth; sRGB, as JPEG bytes."""
import io

import numpy as np
from PIL import Image

import shape
from eyes import IRIS_ANGLE_DEG, UV_SPAN_DEG
from head import LID_MARGIN, LIP_BORDER, LIP_CONTACT
from vmath import gauss, lerp, smoothstep

SKIN_SIZE, EYE_SIZE, HAIR_SIZE = 1024, 512, 512
SKIN_RGB = np.array([236, 194, 168.0])
BLUSH_RGB = np.array([228, 142, 122.0])
LIP_RGB = np.array([206, 112, 106.0])
SHADE_RGB = np.array([168, 100, 80.0])
DARK_RGB = np.array([84, 34, 32.0])


def _jpeg(rgb, quality=88):
    b = io.BytesIO()
    Image.fromarray(np.clip(rgb, 0, 255).astype("u1")).save(b, "JPEG", quality=quality, optimize=True)
    return b.getvalue()


def _noise(size, cells, seed):
    r = np.random.default_rng(seed).random((cells, cells))
    im = Image.fromarray((r * 255).astype("u1")).resize((size, size), Image.BICUBIC)
    return np.asarray(im, float) / 255 - 0.5


def bake(uv, tris, attributes, size):
    """Rasterise per-vertex attributes (n, c) over UV space; returns (size, size, c) with filled borders."""
    c = attributes.shape[1]
    out, done = np.zeros((size, size, c)), np.zeros((size, size), bool)
    px = uv * size - 0.5
    for tri in tris:
        p = px[tri]
        lo = np.maximum(np.floor(p.min(0)).astype(int), 0)
        hi = np.minimum(np.ceil(p.max(0)).astype(int) + 1, size)
        if (hi <= lo).any():
            continue
        x, y = np.meshgrid(np.arange(lo[0], hi[0]), np.arange(lo[1], hi[1]))
        a, b = p[1] - p[0], p[2] - p[0]
        det = a[0] * b[1] - a[1] * b[0]
        if abs(det) < 1e-9:
            continue
        dx, dy = x - p[0, 0], y - p[0, 1]
        w1, w2 = (dx * b[1] - dy * b[0]) / det, (a[0] * dy - a[1] * dx) / det
        inside = (w1 >= -0.02) & (w2 >= -0.02) & (w1 + w2 <= 1.02)
        yy, xx = y[inside], x[inside]
        w1, w2 = w1[inside][:, None], w2[inside][:, None]
        out[yy, xx] = attributes[tri[0]] * (1 - w1 - w2) + attributes[tri[1]] * w1 + attributes[tri[2]] * w2
        done[yy, xx] = True
    return _fill(out, done)


def _fill(out, done):
    """Grow the painted area over the empty texels."""
    for _ in range(24):
        if done.all():
            break
        acc, cnt = np.zeros_like(out), np.zeros(done.shape)
        for sy, sx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            acc += np.roll(out * done[..., None], (sy, sx), (0, 1))
            cnt += np.roll(done, (sy, sx), (0, 1))
        new = ~done & (cnt > 0)
        out[new] = acc[new] / cnt[new][:, None]
        done = done | new
    return out


def skin(head):
    half = head.v[:, 0] >= -1e-6
    tris = head.tris
    tris = tris[half[tris].all(axis=1)]
    lip = np.where(head.mouth_k >= 0, head.mouth_k, -3.0).astype(float)
    lid = np.where(head.eye_k >= 0, head.eye_k, -3.0).astype(float)
    upper = (head.eye_q < head.eye_q.max() / 2).astype(float)
    att = np.column_stack([head.v, lip, lid, upper])
    img = bake(head.uv, tris, att, SKIN_SIZE)
    return _jpeg(_skin_color(img[..., :3], img[..., 3], img[..., 4], img[..., 5]))


def _mottle(p, frequency, seed):
    """Soft blotches in space, symmetric in x (about -1..1)."""
    rng = np.random.default_rng(seed)
    out = np.zeros(p.shape[:2])
    for _ in range(6):
        k = rng.normal(0, frequency, 3)
        out += np.sin(p @ k + rng.uniform(0, 6.3))
    return out / 3.0


def _mix(c, color, amount):
    return lerp(c, np.asarray(color, float), np.clip(amount, 0, 1)[..., None])


def _skin_color(p, lip, lid, upper):
    n = p.shape[0]
    c = np.tile(SKIN_RGB, p.shape[:2] + (1,))
    c = c * (1 + 0.022 * _mottle(p, 1.1, 1) + 0.016 * _mottle(p, 3.2, 2))[..., None]
    c = _mix(c, BLUSH_RGB, 0.40 * gauss(p, (3.7, -2.9, 5.8), (1.7, 1.25, 2.5)))
    c = _mix(c, BLUSH_RGB, 0.36 * gauss(p, (0, -2.5, 9.2), (0.9, 0.7, 1.2)))
    c = _mix(c, BLUSH_RGB, 0.14 * gauss(p, (0, -8.0, 7.2), (1.2, 0.8, 2)))
    c = _mix(c, SHADE_RGB, 0.22 * gauss(p, (3.1, 1.2, 7), (2.2, 0.75, 2.5)))           # upper lid, socket
    c = _mix(c, SHADE_RGB, 0.14 * gauss(p, (2.6, -1.7, 7), (1.5, 0.5, 2.5)))           # under the eye
    c = _mix(c, DARK_RGB, 0.60 * gauss(p, (0.38, -3.2, 8.5), (0.22, 0.15, 0.32)))      # nostrils
    c = _mix(c, SHADE_RGB, 0.30 * gauss(p, (0.0, -3.5, 8.3), (1.0, 0.28, 0.8)))
    c = _mix(c, SHADE_RGB, 0.26 * gauss(p, (0, -9.7, 3.5), (4.5, 1.2, 4)))             # under the chin
    freckle = (_noise(n, 190, 5) > 0.36) * gauss(p, (2.2, -2.2, 7.4), (1.7, 0.8, 2.5))
    c = _mix(c, (196, 128, 98), 0.28 * freckle)
    c = _lips(c, p, lip)
    edge = smoothstep(LID_MARGIN - 0.7, LID_MARGIN + 0.1, lid)
    c = _mix(c, (206, 132, 118), 0.75 * edge)
    crease = np.exp(-((lid - 4.3) / 0.75) ** 2) * upper
    return _mix(c, (150, 86, 72), 0.34 * crease)


def _lips(c, p, lip):
    red = smoothstep(LIP_BORDER - 0.7, LIP_BORDER + 0.9, lip)
    n = p.shape[0]
    tone = LIP_RGB * (1 + 0.10 * _noise(n, 90, 7))[..., None]
    middle = np.exp(-((lip - (LIP_BORDER + 1.8)) / 1.3) ** 2)
    tone = _mix(tone, (222, 132, 124), 0.40 * middle * (p[..., 1] < shape.MOUTH_Y))
    c = lerp(c, tone, (0.88 * red)[..., None])
    line = smoothstep(LIP_CONTACT - 1.0, LIP_CONTACT + 0.3, lip)
    c = _mix(c, (116, 42, 46), 0.60 * line)
    c = _mix(c, (96, 30, 34), 0.6 * smoothstep(LIP_CONTACT + 0.5, LIP_CONTACT + 3, lip))
    corner = gauss(p, (shape.MOUTH_W + 0.05, shape.MOUTH_Y + 0.2, 7.0), (0.22, 0.22, 1.5))
    return _mix(c, (128, 60, 52), 0.42 * corner)


def eye():
    n = EYE_SIZE
    y, x = np.mgrid[0:n, 0:n]
    dx, dy = (x + 0.5) / n - 0.5, 0.5 - (y + 0.5) / n
    polar = np.hypot(dx, dy) * 2 * UV_SPAN_DEG
    ang = np.arctan2(dy, dx)
    r = polar / IRIS_ANGLE_DEG
    sclera = np.tile(np.array([244, 240, 236.0]), (n, n, 1))
    sclera = _mix(sclera, (226, 176, 164), 0.55 * smoothstep(38, 75, polar))
    sclera = _mix(sclera, (150, 130, 128), 0.45 * smoothstep(4, 34, dy * 2 * UV_SPAN_DEG))
    col = lerp(sclera, _iris(r, ang, dy), (1 - smoothstep(0.95, 1.05, r))[..., None])
    return _jpeg(col, 90)


def _iris(r, ang, dy):
    rng = np.random.default_rng(11)
    fibre = np.zeros_like(r)
    for k in range(70):
        f, ph, a = rng.integers(9, 75), rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 1.0)
        fibre += a * np.sin(f * ang + ph + rng.uniform(-1.5, 1.5) * r)
    fibre /= 6.0
    inner, outer = np.array([168, 118, 58.0]), np.array([84, 124, 98.0])
    c = lerp(inner, outer, smoothstep(0.40, 0.85, r + 0.05 * fibre)[..., None])
    c = c * (1 + 0.15 * fibre * smoothstep(0.3, 0.55, r))[..., None]
    c = c * (1.20 - 0.75 * smoothstep(-0.12, 0.10, dy))[..., None]        # light gathers below, lid shade above
    c = _mix(c, (24, 34, 34), 0.88 * smoothstep(0.78, 0.97, r))
    return _mix(c, (10, 8, 9), 1 - smoothstep(0.40, 0.46, r))


def hair():
    n = HAIR_SIZE
    rng = np.random.default_rng(4)
    v = (np.arange(n)[:, None] + 0.5) / n
    line = np.zeros((n, n))
    for cells, amp in ((24, 0.5), (80, 0.8), (200, 0.7)):
        s = np.interp(np.arange(n) / n * cells, np.arange(cells + 1), rng.normal(0, 1, cells + 1))
        t = np.interp(np.arange(n) / n * cells, np.arange(cells + 1), rng.normal(0, 1, cells + 1))
        line += amp * lerp(s[None, :], t[None, :], v)
    line /= 2.2
    base = lerp(np.array([74, 40, 26.0]), np.array([138, 78, 46.0]), smoothstep(0.0, 1.0, v)[..., None])
    return _jpeg(base * (1 + 0.20 * line)[..., None], 82)


def teeth():
    n = 64
    v = (np.arange(n) + 0.5) / n
    ivory, gum = np.array([244, 238, 226.0]), np.array([196, 104, 104.0])
    col = lerp(ivory, gum, smoothstep(0.40, 0.46, v)[:, None])
    col = col * (0.92 + 0.08 * smoothstep(0.0, 0.2, v))[:, None]
    return _jpeg(np.tile(col[:, None, :], (1, n, 1)), 88)


def ear_uv(head, points):
    """Ears take the warm colour of the cheek's blush: one spot of the skin texture each, with a small spread."""
    spot = np.argmin(((head.v - [3.9, -2.6, 5.5]) ** 2).sum(1))
    local = points - points.mean(0) * [0, 1, 1]
    return head.uv[spot] + np.column_stack([local[:, 2], local[:, 1]]) * 0.006
