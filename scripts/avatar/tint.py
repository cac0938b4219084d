"""Colours as factors: pictures drawn bright and without a colour of their own, and the colours that tint them.

A renderer multiplies linear light, so shades that belong to a colour are kept as their shares of it.
"""
from dataclasses import replace

import numpy as np

from look import Palette, Rgb

WHITE: Rgb = (255, 255, 255)
HAIR_BRIGHTEST = 1.22          # of the tip's colour: the shine in paint.hair must not clip


def linear(colour: Rgb) -> Rgb:
    """sRGB 0..255 to linear 0..1."""
    c = np.asarray(colour, float) / 255
    return tuple(np.round(np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4), 4).tolist())


def srgb(colour: Rgb) -> Rgb:
    """Linear 0..1 to sRGB 0..255; what is brighter than white is white."""
    c = np.clip(np.asarray(colour, float), 0, 1)
    return tuple((np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055) * 255).tolist())


def share(colour: Rgb, of: Rgb) -> Rgb:
    """The sRGB colour that, tinted with another, gives colour."""
    return srgb(tuple(a / b for a, b in zip(linear(colour), linear(of))))


def grey(colour: Rgb, of: Rgb) -> Rgb:
    """The same without hue, so that any tint keeps its own: by how bright either is."""
    luminance = np.array([0.2126, 0.7152, 0.0722])
    return srgb((float(luminance @ linear(colour) / (luminance @ linear(of))),) * 3)


def hair_tint(palette: Palette) -> Rgb:
    return tuple(min(255.0, c * HAIR_BRIGHTEST) for c in palette.hair_tip)


def neutral(palette: Palette) -> Palette:
    """A palette to draw with what is tinted afterwards: skin, hair and iris."""
    skin = {name: share(getattr(palette, name), palette.skin) for name in ("blush", "lip", "lip_line", "mouth_edge", "nostril", "freckle")}
    hair = {name: grey(getattr(palette, name), hair_tint(palette)) for name in ("hair_root", "hair_tip")}
    iris = {name: grey(getattr(palette, name), palette.iris_glow) for name in ("iris_dark", "iris_light", "iris_glow")}
    return replace(palette, skin=WHITE, **skin, **hair, **iris)
