"""Parts in centimetres to a glTF file in metres."""
from arkit import TARGETS
from glb import GlbWriter
from look import Look
from parts import Part
from skeleton import add_skeleton, to_world
from vmath import vertex_normals

M_PER_CM = 0.01


class AvatarFile:
    """Collects the parts, in cm, and writes them."""

    def __init__(self, look: Look, compact=False):
        self.writer = GlbWriter("vivavox make_vivi.py", compact)
        self.skin = add_skeleton(self.writer, look)
        self.vertices: dict[str, int] = {}

    def add(self, part: Part, material: dict[str, int]):
        """A part; those of its targets that are no expressions are shapes."""
        p = part.used()
        moves = {k: p.targets[k] * M_PER_CM for k in TARGETS if k in p.targets}
        shapes = {k: d * M_PER_CM for k, d in p.targets.items() if k not in TARGETS}
        normals = vertex_normals(p.v, p.tris) if p.normals is None else p.normals
        mesh = self.writer.mesh(p.name, material[p.material], to_world(p.v), normals, p.tris, p.uv, *p.weights,
                                moves, p.shade, p.alpha, shapes, p.turns)
        self.writer.node(p.name, mesh=mesh, skin=self.skin)
        self.vertices[p.name] = len(p.v)
