"""What makes an avatar who it is: proportions and colours by name, Vivi's unless told. looks.py has the others'.

Lengths are centimetres, angles degrees. Origin: on the head's axis at about the eyes' height; +X is the
character's left, +Y up, +Z forward. Chin to crown is 19 cm, so 1 cm is about a twentieth of the head.
Colours of textures are sRGB 0..255, those of materials linear 0..1.
"""
from dataclasses import dataclass, field

Point = tuple[float, float, float]
Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Skull:
    """A big round cranium over a small face: what makes animated heads read as young and friendly."""
    cranium: Point = (0, 1.9, -0.7)
    cranium_radii: Point = (7.95, 8.5, 8.4)
    face: Point = (0, -1.3, 1.3)            # carries the cheeks' width down from the eyes
    face_radii: Point = (7.2, 6.3, 6.6)
    jaw_angle: Point = (2.5, -4.7, 2.3)     # where the jaw turns up towards the ear
    jaw_angle_radius: float = 2.25
    jaw_front: Point = (0.0, -6.55, 5.2)
    jaw_front_radius: float = 1.65
    chin: Point = (0, -7.2, 6.55)           # forward of the lips' foot: a chin that recedes reads as weak
    chin_radii: Point = (1.25, 1.15, 1.25)
    muzzle: Point = (0, -4.9, 5.45)         # the lips stand on it
    muzzle_radii: Point = (2.7, 2.2, 2.6)
    cheek: Point = (3.8, -2.8, 4.2)
    cheek_radii: Point = (2.7, 2.1, 2.6)
    brow_inner: Point = (0.0, 3.5, 6.0)
    brow_outer: Point = (4.6, 3.6, 4.3)
    socket: Point = (3.9, -0.1, 9.6)        # taken away: the eye lies behind the brow and the cheek
    socket_radii: Point = (3.2, 2.5, 1.9)


@dataclass(frozen=True)
class Nose:
    """Small, soft, with its tip above its wings: a button that casts one clear shadow."""
    bridge: Point = (0, -0.2, 7.0)
    bridge_end: Point = (0, -1.8, 8.05)
    tip: Point = (0, -2.3, 8.55)
    tip_radii: Point = (0.84, 0.76, 0.86)
    wing: Point = (0.86, -2.5, 7.8)
    wing_radii: Point = (0.44, 0.43, 0.60)
    nostril: Point = (0.40, -3.03, 8.1)     # a dent that paint darkens; deeper ones look like holes
    nostril_radii: Point = (0.24, 0.15, 0.30)
    dent_cm: float = 0.42                   # between the eyes: no wall from brow to nose


@dataclass(frozen=True)
class Eye:
    """Large: 0.26 of the face's width. The upper lid hides a tenth of the iris; more white above stares."""
    centre: Point = (3.4, -0.2, 5.1)        # the left one
    ball_radius: float = 2.95
    lid_gap: float = 0.24                   # lids turn at this height over the ball; at 0.30 it shows through
    inner_deg: float = -38.0                # corners, sideways from straight ahead
    outer_deg: float = 52.0
    inner_elevation_deg: float = -4.0
    outer_elevation_deg: float = 4.5        # outer corners higher: awake, not sad
    upper_deg: float = 25.5                 # heights of the open lids over the line of the corners
    lower_deg: float = 31.0
    closed_deg: float = 19.0                # shut lids meet low: lashes of a calm blink hang down
    iris_deg: float = 32.5                  # half angle of the iris from the ball's centre: 0.77 of the opening
    pupil_share: float = 0.49               # of the iris: large pupils look fond


@dataclass(frozen=True)
class Mouth:
    """A third wider than the nose, corners turned up a little at rest: content, not grinning."""
    height: float = -5.2
    half_width: float = 2.25
    upper_lip: float = 0.56
    lower_lip: float = 0.66
    corner_lift: float = 0.39


@dataclass(frozen=True)
class Neck:
    """Slim (0.35 of the head's width), leaning forward as necks do, opening softly to the shoulders."""
    top: Point = (0, -4.5, -1.3)
    foot: Point = (0, -12.5, -3.1)
    top_radius: float = 2.75
    foot_radius: float = 2.85
    shoulder_inner: Point = (0, -13.6, -3.4)
    shoulder_outer: Point = (7.6, -15.0, -3.4)
    shoulder_radius: float = 2.3
    chest: Point = (0, -22.0, -2.8)
    chest_radii: Point = (9.3, 8.5, 5.4)
    arm_top: Point = (9.0, -16.0, -3.2)
    arm_end: Point = (11.0, -31.0, -3.6)
    arm_radius: float = 2.5


@dataclass(frozen=True)
class Ear:
    """From the eye's height to the nose's: 0.22 of the head."""
    centre: Point = (8.1, -1.35, -0.6)
    half_height: float = 2.05
    half_width: float = 1.35
    tilt_deg: float = 10.0
    flare_deg: float = 26.0


@dataclass(frozen=True)
class Brow:
    """A soft arch, highest over the iris' outer edge: open and attentive."""
    middle: tuple[tuple[float, float], ...] = ((1.35, 3.55), (2.5, 4.0), (3.8, 4.25), (5.0, 4.05), (6.1, 3.3))   # from the front, inner end first
    half_cm: tuple[float, ...] = (0.27, 0.31, 0.28, 0.20, 0.03)


@dataclass(frozen=True)
class Lash:
    """One line that swells outwards to two flicks."""
    thin_deg: float = 1.0           # height of the line at its beginning, and how much it gains
    swells_deg: float = 4.2
    thin_cm: float = 0.05           # how far it stands out, likewise
    swells_cm: float = 0.20
    flick: float = 1.0              # share of the flicks' length


@dataclass(frozen=True)
class Fold:
    """A groove (or, with a depth below zero, a soft roll) along a line on the left half of the face, as age draws them."""
    line: tuple[Point, ...]
    wide_cm: float
    deep_cm: float


@dataclass(frozen=True)
class Palette:
    """One warm family against a cool cloth; every shade on skin is skin made redder and darker, never grey."""
    skin: Rgb = (250, 207, 184)
    blush: Rgb = (236, 140, 118)
    lip: Rgb = (214, 112, 104)
    lip_line: Rgb = (150, 62, 62)
    mouth_edge: Rgb = (112, 38, 40)
    nostril: Rgb = (120, 58, 50)
    freckle: Rgb = (206, 130, 98)
    sclera: Rgb = (250, 248, 246)
    sclera_shade: Rgb = (168, 170, 196)
    iris_dark: Rgb = (38, 84, 84)
    iris_light: Rgb = (92, 168, 148)
    iris_glow: Rgb = (164, 214, 170)
    limbus: Rgb = (18, 26, 30)
    pupil: Rgb = (14, 12, 14)
    hair_root: Rgb = (98, 50, 32)
    hair_tip: Rgb = (150, 80, 46)
    inside: Rgb = (0.070, 0.025, 0.013)     # of the hair
    tooth: Rgb = (252, 248, 242)
    gum: Rgb = (214, 120, 116)
    brow: Rgb = (0.115, 0.045, 0.024)
    lash: Rgb = (0.018, 0.012, 0.010)
    tongue: Rgb = (0.52, 0.135, 0.130)
    mouth: Rgb = (0.105, 0.020, 0.022)
    cloth: Rgb = (0.05, 0.20, 0.24)
    collar: Rgb = (0.033, 0.140, 0.170)


@dataclass(frozen=True)
class Look:
    """Everything that differs between two avatars of the family; topology and targets do not."""
    name: str
    skull: Skull = field(default_factory=Skull)
    nose: Nose = field(default_factory=Nose)
    eye: Eye = field(default_factory=Eye)
    mouth: Mouth = field(default_factory=Mouth)
    neck: Neck = field(default_factory=Neck)
    ear: Ear = field(default_factory=Ear)
    brow: Brow = field(default_factory=Brow)
    lash: Lash = field(default_factory=Lash)
    folds: tuple[Fold, ...] = ()
    palette: Palette = field(default_factory=Palette)
    freckles: bool = True

