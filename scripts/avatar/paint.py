"""Procedural textures: skin (over the head's UV layout), eye, hair and teeth; sRGB, as JPEG bytes."""
import io

import numpy as np
from PIL import Image

from eyes import UV_SPAN_DEG
from head import LID_MARGIN, LIP_BORDER, LIP_CONTACT
from look import Look, Palette
from vmath import gauss, lerp, smoothstep

SKIN_SIZE, EYE_SIZE, HAIR_SIZE = 1024, 512, 512


def _jpeg(rgb, quality=88):
    b = io.BytesIO()
    Image.fromarray(np.clip(rgb, 0, 255).astype("u1")).save(b, "JPEG", quality=quality, optimize=True)
    return b.getvalue()


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


def skin(head, look: Look):
    half = head.v[:, 0] >= -1e-6
    tris = head.tris
    tris = tris[half[tris].all(axis=1)]
    lip = np.where(head.mouth_k >= 0, head.mouth_k, -3.0).astype(float)
    lid = np.where(head.eye_k >= 0, head.eye_k, -3.0).astype(float)
    upper = (head.eye_q < head.eye_q.max() / 2).astype(float)
    att = np.column_stack([head.v, lip, lid, upper])
    img = bake(head.uv, tris, att, SKIN_SIZE)
    return _jpeg(_skin_color(look, img[..., :3], img[..., 3], img[..., 4], img[..., 5]))


def _mix(c, color, amount):
    return lerp(c, np.asarray(color, float), np.clip(amount, 0, 1)[..., None])


def _skin_color(look, p, lip, lid, upper):
    c = np.tile(np.array(look.palette.skin, float), p.shape[:2] + (1,))
    c = _mix(c, look.palette.blush, 0.50 * gauss(p, (4.7, -3.2, 6.0), (1.5, 1.05, 3.0)))
    c = _mix(c, look.palette.blush, 0.40 * gauss(p, (0, -2.3, 9.2), (1.0, 0.8, 1.4)))
    c = _mix(c, look.palette.blush, 0.16 * gauss(p, (0, -8.0, 6.4), (1.4, 0.9, 2)))
    for x, y, r in (FRECKLES if look.freckles else []):
        c = _mix(c, look.palette.freckle, 0.5 * gauss(p * [1, 1, 0], (x, y, 0), r) * (p[..., 2] > 4))
    c = _mix(c, look.palette.nostril, 0.55 * gauss(p, (0.42, -2.98, 7.95), (0.26, 0.13, 0.32)))
    c = _lips(look, c, p, lip)
    edge = smoothstep(LID_MARGIN - 0.6, LID_MARGIN + 0.1, lid)
    c = _mix(c, np.array(look.palette.skin) * [.93, .78, .74], 0.6 * edge)
    crease = np.exp(-((lid - 4.0) / 0.55) ** 2) * upper
    c = _mix(c, np.array(look.palette.skin) * [.78, .58, .54], 0.55 * crease)
    lidtone = smoothstep(3.8, 5.0, lid) * upper * (1 - edge)
    return _mix(c, np.array(look.palette.skin) * [.91, .79, .76], 0.35 * lidtone * 1.0)


FRECKLES = [(1.5, -2.75, .085), (2.1, -3.1, .10), (2.75, -2.85, .08), (3.3, -3.3, .10), (2.45, -3.65, .08), (3.9, -2.95, .085), (1.75, -3.45, .07), (4.4, -3.4, .08), (3.05, -3.85, .07)]


def _lips(look, c, p, lip):
    red = smoothstep(LIP_BORDER - 0.6, LIP_BORDER + 1.6, lip)
    c = lerp(c, np.array(look.palette.lip, float), (0.85 * red)[..., None])
    line = smoothstep(LIP_CONTACT - 0.9, LIP_CONTACT + 0.2, lip)
    c = _mix(c, look.palette.lip_line, 0.6 * line)
    return _mix(c, look.palette.mouth_edge, 0.6 * smoothstep(LIP_CONTACT + 0.5, LIP_CONTACT + 3, lip))


def eye(look: Look):
    colour = look.palette
    n = EYE_SIZE
    y, x = np.mgrid[0:n, 0:n]
    dx, dy = (x + 0.5) / n - 0.5, 0.5 - (y + 0.5) / n
    polar = np.hypot(dx, dy) * 2 * UV_SPAN_DEG
    r = polar / look.eye.iris_deg
    up = dy * 2 * UV_SPAN_DEG / look.eye.iris_deg
    c = np.tile(np.array(colour.sclera, float), (n, n, 1))
    c = _mix(c, colour.sclera_shade, 0.55 * smoothstep(0.35, 1.25, up))
    dark, light = np.array(colour.iris_dark, float), np.array(colour.iris_light, float)
    iris = _mix(np.tile(dark, (n, n, 1)), light, 1 - smoothstep(-0.75, 0.55, up))
    iris = _mix(iris, np.array(colour.iris_glow, float), 0.75 * np.exp(-((r - 0.72) / 0.17) ** 2) * (1 - smoothstep(-0.75, 0.15, up)))
    iris = _mix(iris, colour.limbus, 0.85 * smoothstep(0.84, 0.97, r))
    iris = _mix(iris, colour.pupil, 1 - smoothstep(0.46, 0.52, r))
    iris = _mix(iris, (10, 10, 14), 0.45 * smoothstep(0.25, 0.95, up))
    return _jpeg(lerp(c, iris, (1 - smoothstep(0.96, 1.03, r))[..., None]), 92)




def hair(colour: Palette):
    n = 256
    v = ((np.arange(n)[:, None] + 0.5) / n) * np.ones((1, n))
    u = ((np.arange(n)[None, :] + 0.5) / n) * np.ones((n, 1))
    base = lerp(np.array(colour.hair_root, float), np.array(colour.hair_tip, float), smoothstep(0.15, 1.0, v)[..., None])
    base = base * (1 + 0.22 * np.exp(-((v - 0.42) / 0.12) ** 2))[..., None]
    strand = 0.5 * np.sin(u * 19) + 0.5 * np.sin(u * 43 + 2)
    base = base * (1 + 0.05 * strand)[..., None]
    return _jpeg(base * (1 - 0.55 * smoothstep(0.72, 1.0, u))[..., None], 85)




def teeth(colour: Palette):
    n = 64
    v = (np.arange(n) + 0.5) / n
    ivory, gum = np.array(colour.tooth, float), np.array(colour.gum, float)
    col = lerp(ivory, gum, smoothstep(0.62, 0.70, v)[:, None])
    col = col * (0.92 + 0.08 * smoothstep(0.0, 0.2, v))[:, None]
    return _jpeg(np.tile(col[:, None, :], (1, n, 1)), 88)


def ear_uv(head, points):
    """Ears take the warm colour of the cheek's blush: one spot of the skin texture each, with a small spread."""
    spot = np.argmin(((head.v - [3.9, -2.6, 5.5]) ** 2).sum(1))
    local = points - points.mean(0) * [0, 1, 1]
    return head.uv[spot] + np.column_stack([local[:, 2], local[:, 1]]) * 0.006


