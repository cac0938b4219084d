"""What has to hold of the finished avatar; a file of which it does not is not written."""
import numpy as np

from eyes import CORNEA_RISE_CM
from head import LID_CREASE, LID_MARGIN, LIP_CONTACT, Head
from lips import HALF
from look import Look

MOST_BYTES, MOST_VERTICES = 2_000_000, 16_000
MOST_BYTES_A_LOOK, MOST_VERTICES_A_LOOK = 300_000, 5_000
LIPS_APART_CM, UNEVEN_CM = 1e-6, 1e-6
LID_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)        # of a blink and the others: the way counts, too
BEFORE_TEETH_CM = 0.02
LEAST_AREA_CM2 = 1e-9          # triangles seen from their edge hide nothing


class Faults(list):
    """Collects sentences about what does not hold of whom."""

    def __init__(self):
        super().__init__()
        self.of = ""

    def expect(self, holds, sentence):
        if not holds:
            self.append(f"{self.of}: {sentence}")


def small(size, vertices, looks, faults: Faults):
    """A file of so many looks; each after the first may add what its face, hair and clothes take."""
    faults.expect(size <= MOST_BYTES + (looks - 1) * MOST_BYTES_A_LOOK, f"the file has {size} bytes")
    faults.expect(vertices <= MOST_VERTICES + (looks - 1) * MOST_VERTICES_A_LOOK, f"the file has {vertices} vertices")


def traits_known(doc, faults: Faults):
    """Every node, target and material that the traits name is in the file, and every look chooses what there is."""
    family = doc["extras"]["vivavox"]
    nodes, materials = ({x["name"] for x in doc[kind]} for kind in ("nodes", "materials"))
    shapes = {name for mesh in doc["meshes"] for name in mesh.get("extras", {}).get("targetNames", [])}
    for trait in family["traits"].values():
        faults.expect(trait["default"] in trait["values"], f"{trait['default']} is no value")
        named = [(trait.get("any", []), materials)]
        for value in trait["values"].values():
            named += [(value.get("show", []), nodes), (value.get("weights", {}), shapes), (value.get("colors", {}), materials)]
        for names, known in named:
            faults.expect(set(names) <= known, f"{set(names) - known} are not in the file")
    for name, look in family["looks"].items():
        unknown = {k: v for k, v in look.items() if v not in family["traits"].get(k, {"values": ()})["values"]}
        faults.expect(not unknown, f"{name} chooses {unknown}")


def lips_closed(head: Head, skin, faults: Faults):
    line = np.where(head.mouth_k == LIP_CONTACT)[0]
    place = {(head.mouth_j[i], head.v[i, 0] >= 0): i for i in line}
    apart = max(np.linalg.norm(skin[i] - skin[place[2 * HALF - j, side]]) for (j, side), i in place.items())
    faults.expect(apart <= LIPS_APART_CM, f"the lips are {apart} cm apart at rest")


def even(head: Head, targets, faults: Faults):
    """Left and right are mirror images, at rest and in every target."""
    def uneven(a, b):
        return np.abs(a[head.mirror] * [-1, 1, 1] - b).max()

    faults.expect(uneven(head.v, head.v) <= UNEVEN_CM, "the face at rest is uneven")
    for name, d in targets.items():
        other = name.replace("Left", "Right") if "Left" in name else name.replace("Right", "Left")
        far = uneven(targets[other], d)
        faults.expect(far <= UNEVEN_CM, f"{name} and {other} differ by {far} cm")


def lid_depth(look: Look, ring, p):
    """How far (cm) a lid of the skin p (n, 3) dips into the eye, negative where it clears it; ring (n,) as in head.eye_k."""
    lid = p[(ring >= LID_CREASE) & (ring <= LID_MARGIN)]
    from_eye = np.linalg.norm(np.column_stack([np.abs(lid[:, 0]), lid[:, 1:]]) - np.array(look.eye.centre), axis=1)
    return look.eye.ball_radius + CORNEA_RISE_CM - from_eye.min()


def lids_clear_eyes(look: Look, ring, skin, targets, faults: Faults):
    """No lid dips into the eye while it moves."""
    for name in (k for k in targets if k.startswith("eye") or k.startswith("cheekSquint")):
        for weight in LID_WEIGHTS:
            depth = lid_depth(look, ring, skin + weight * targets[name])
            faults.expect(depth <= 0, f"in {name} at {weight} a lid is {depth:.3f} cm within the eye")


def _over(points, v, tris):
    """Pairs (point, triangle) whose boxes seen from the front overlap."""
    lo, hi = v[tris, :2].min(axis=1), v[tris, :2].max(axis=1)
    order = np.argsort(points[:, 0])
    x = points[order, 0]
    first = np.searchsorted(x, lo[:, 0])
    count = np.searchsorted(x, hi[:, 0], side="right") - first
    tri = np.repeat(np.arange(len(tris)), count)
    point = order[first[tri] + np.arange(len(tri)) - np.repeat(np.cumsum(count) - count, count)]
    keep = (points[point, 1] >= lo[tri, 1]) & (points[point, 1] <= hi[tri, 1])
    return point[keep], tri[keep]


def _front(points, v, tris):
    """z (m,) of the foremost triangle at each point's x and y, minus infinity where there is none."""
    point, tri = _over(points, v, tris)
    a, b, c = (v[tris[tri, k]] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    area = np.where(np.abs(area) > LEAST_AREA_CM2, area, np.inf)
    x, y = points[point, 0], points[point, 1]
    u = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
    w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
    z = a[:, 2] + u * (b - a)[:, 2] + w * (c - a)[:, 2]
    inside = (u >= 0) & (w >= 0) & (u + w <= 1) & np.isfinite(area)
    front = np.full(len(points), -np.inf)
    np.maximum.at(front, point[inside], z[inside])
    return front


def teeth_out(look: Look, p, tris, rows):
    """How far (cm) a tooth of rows [(name, points)] comes through the lips of the skin p, negative where none does."""
    mouth = (np.abs(p[:, 1] - look.mouth.height) < 3 * look.mouth.half_width) & (np.abs(p[:, 0]) < 2 * look.mouth.half_width)
    near = tris[(mouth & (p[:, 2] > look.eye.centre[2]))[tris].all(axis=1)]
    out = -np.inf
    for _, tooth in rows:
        tooth = tooth[tooth[:, 2] > look.eye.centre[2]]
        front = _front(tooth, p, near)
        out = max(out, (tooth[:, 2] + BEFORE_TEETH_CM - front)[np.isfinite(front)].max(initial=-np.inf))
    return out


def teeth_behind_lips(look: Look, skin, tris, targets, rows, faults: Faults):
    """In no target does a tooth come out through a lip; rows are those of teeth.teeth()."""
    still = np.zeros((1, 3))
    for name, d in targets.items():
        out = teeth_out(look, skin + d, tris, [(row, v + moves.get(name, still)) for row, v, _, _, moves in rows])
        faults.expect(out <= 0, f"in {name} a tooth comes {out:.3f} cm out of the lips")
