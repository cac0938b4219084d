#!/usr/bin/env python3
"""Makes Piper voices for tests: small ONNX models with exactly a Piper voice's
inputs and outputs, whose every input can be heard in what they give.

make_test_voice.py FOLDER            tone, tone_speakers and tone_plain (no Ceil)
make_test_voice.py --benchmark FILE  one that costs what a medium voice does

Each id is a tone of its own pitch and length, the pad is a short silence:
frames = Ceil((base + noise_w · noise) · length_scale), samples = frames · 256.
Only Python's standard library: the protobuf (onnx.proto3) is written by hand.
"""
import array
import json
import random
import struct
import sys
from pathlib import Path

SAMPLE_RATE_HZ = 16000
HOP_LENGTH = 256
SPEAKER_PITCH = [1.0, 1.5, 2.0]

PAD, BEGIN, END, BLANK = "_", "^", "$", " "
SILENT = [PAD, BEGIN, END, BLANK] + list("!,.:;?")
MARKS = list("ˈˌː\u0303\u0327\u0329ʲʰ")
LETTERS = list("abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔɕɖɘəɚɛɜɟɡɣɨɪɬɭɯɲɳɵɹɻɾʁʃʂʈʊʋʌʎʏʐʑʒʔʕβθχᵻ0123456789")
SYMBOLS = SILENT + MARKS + LETTERS
IDS = {symbol: [i] for i, symbol in enumerate(SYMBOLS)}

FLOAT, INT64 = 1, 7


# --- protobuf ----------------------------------------------------------------

def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name, kind, shape, raw):
    dims = b"".join(number(1, size) for size in shape)
    return dims + number(2, kind) + block(8, name) + block(9, raw)


def floats(name, values, shape=None):
    return tensor(name, FLOAT, [len(values)] if shape is None else shape, struct.pack(f"<{len(values)}f", *values))


def ints(name, values, shape=None):
    return tensor(name, INT64, [len(values)] if shape is None else shape, struct.pack(f"<{len(values)}q", *values))


def value_info(name, kind, shape):
    dims = b"".join(block(1, number(1, size) if isinstance(size, int) else block(2, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, dims)))


def attribute(name, value):
    if isinstance(value, float):
        return block(1, name) + varint(2 << 3 | 5) + struct.pack("<f", value) + number(20, 1)
    if isinstance(value, int):
        return block(1, name) + number(3, value) + number(20, 2)
    return block(1, name) + b"".join(number(8, item) for item in value) + number(20, 7)


class Graph:
    def __init__(self):
        self.nodes, self.tensors, self.count = [], [], 0

    def add(self, operator, *inputs, output=None, **attributes):
        self.count += 1
        name = output or f"/{operator}_{self.count}"
        content = b"".join(block(1, item) for item in inputs) + block(2, name) + block(4, operator)
        content += b"".join(block(5, attribute(*item)) for item in attributes.items())
        self.nodes.append(block(1, content))
        return name

    def constant(self, name, content):
        self.tensors.append(block(5, content))
        return name

    def model(self, inputs, outputs):
        graph = b"".join(self.nodes) + block(2, "vivavox test voice") + b"".join(self.tensors)
        graph += b"".join(block(11, value_info(*item)) for item in inputs)
        graph += b"".join(block(12, value_info(*item)) for item in outputs)
        opset = block(8, number(2, 15))
        return number(1, 8) + block(2, "make_test_voice.py") + opset + block(7, graph)


# --- the voice ---------------------------------------------------------------

def base_frames(symbol):
    if symbol in (PAD, *MARKS):
        return 1
    return 4 if symbol in SILENT else 4 + SYMBOLS.index(symbol) % 4


def pitch_hz(symbol):
    return 150 + 10 * SYMBOLS.index(symbol)


def amplitude(symbol):
    return 0 if symbol in SILENT else 0.3


def durations(graph, with_ceil):
    """Frames of each id, [1, N]; through [1, 1, N] as in a Piper voice."""
    table = graph.constant("frames", floats("frames", [base_frames(s) - 0.5 for s in SYMBOLS]))
    base = graph.add("Gather", table, "input")
    spread = graph.add("Mul", graph.add("RandomNormalLike", base), graph.scale(2))
    limit = graph.constant("limit", floats("limit", [1.0]))
    lowest = graph.constant("lowest", floats("lowest", [-1.0]))
    bounded = graph.add("Max", graph.add("Min", spread, limit), lowest)
    exact = graph.add("Mul", graph.add("Add", base, bounded), graph.scale(1))
    channel = graph.constant("channel", ints("channel", [1]))
    row = graph.add("Unsqueeze", exact, channel)
    if with_ceil:
        frames = graph.add("Ceil", row, output="/Ceil_output_0")
    else:
        frames = graph.add("Neg", graph.add("Floor", graph.add("Neg", row)))
    one = graph.constant("least", floats("least", [0.0]))
    return graph.add("Squeeze", graph.add("Max", frames, one), channel)


def id_of_frame(graph, frames):
    """Which id each frame belongs to, [T]: how many ids end before it."""
    last = graph.constant("last", ints("last", [1], []))
    ends = graph.add("CumSum", frames, last)
    total = graph.add("ReduceSum", frames, keepdims=0)
    start, step = (graph.constant(name, floats(name, [value], [])) for name, value in (("start", 0.0), ("step", 1.0)))
    times = graph.add("Unsqueeze", graph.add("Range", start, total, step), graph.constant("column", ints("column", [1])))
    ended = graph.add("Cast", graph.add("GreaterOrEqual", times, ends), to=INT64)
    place = graph.add("ReduceSum", ended, "column", keepdims=0)
    ids = graph.add("Squeeze", "input", graph.constant("batch", ints("batch", [0])))
    return graph.add("Gather", ids, place)


def samples_of(graph, frame_values):
    """Each frame's value for each of its samples, [S]."""
    hop = graph.once("hop", floats("hop", [1.0] * HOP_LENGTH, [1, HOP_LENGTH]))
    flat = graph.once("flat", ints("flat", [-1]))
    return graph.add("Reshape", graph.add("Mul", graph.add("Unsqueeze", frame_values, "column"), hop), flat)


def waveform(graph, frame_ids, speakers):
    pitches = graph.constant("pitches", floats("pitches", [pitch_hz(s) / SAMPLE_RATE_HZ for s in SYMBOLS]))
    amplitudes = graph.constant("amplitudes", floats("amplitudes", [amplitude(s) for s in SYMBOLS]))
    cycles = graph.add("Gather", pitches, frame_ids)
    if speakers:
        factors = graph.constant("factors", floats("factors", SPEAKER_PITCH))
        cycles = graph.add("Mul", cycles, graph.add("Gather", factors, "sid"))
    first = graph.constant("first", ints("first", [0], []))
    turn = graph.constant("turn", floats("turn", [6.2831853]))
    phase = graph.add("Mul", graph.add("CumSum", samples_of(graph, cycles), first), turn)
    loudness = samples_of(graph, graph.add("Gather", amplitudes, frame_ids))
    tone = graph.add("Mul", graph.add("Sin", phase), loudness)
    noise = graph.add("Mul", graph.add("Mul", graph.add("RandomNormalLike", tone), loudness), graph.scale(0))
    quiet = graph.constant("quiet", floats("quiet", [0.1]))
    return graph.add("Add", tone, graph.add("Mul", noise, quiet))


class Voice(Graph):
    def __init__(self):
        super().__init__()
        self.known = {}

    def once(self, name, content):
        if name not in self.known:
            self.known[name] = self.constant(name, content)
        return self.known[name]

    def scale(self, index):
        """One of the three scales, [1]."""
        return self.add("Gather", "scales", self.once(f"scale_{index}", ints(f"scale_{index}", [index])))


def piper_model(with_ceil=True, speakers=False, layers=0):
    graph = Voice()
    frames = durations(graph, with_ceil)
    ids = id_of_frame(graph, frames)
    wave = waveform(graph, ids, speakers)
    if layers:
        wave = graph.add("Add", wave, burden(graph, ids, layers))
    shape = graph.constant("shape", ints("shape", [1, 1, -1]))
    graph.add("Reshape", wave, shape, output="output")
    inputs = [("input", INT64, ["batch_size", "phonemes"]), ("input_lengths", INT64, ["batch_size"]),
              ("scales", FLOAT, [3])]
    if speakers:
        inputs.append(("sid", INT64, ["batch_size"]))
    return graph.model(inputs, [("output", FLOAT, ["batch_size", 1, "time"])])


def burden(graph, frame_ids, layers):
    """Convolutions of random weights, several to a frame, whose result is too
    small to be heard: the size of a Piper voice, and its work, which is about
    0.1 s a second of sound on one core."""
    channels, width, steps_per_frame = 256, 7, 11
    noise = random.Random(1)
    one_row = array.array("f", (noise.gauss(0, 0.02) for _ in range(channels * width)))
    weights = one_row.tobytes() * channels
    table = graph.constant("embedding", tensor("embedding", FLOAT, [len(SYMBOLS), channels],
                                               (one_row.tobytes() * len(SYMBOLS))[:len(SYMBOLS) * channels * 4]))
    batch = graph.constant("batch0", ints("batch0", [0]))
    repeated = graph.constant("steps", ints("steps", [1, steps_per_frame]))
    steps = graph.add("Reshape", graph.add("Expand", graph.add("Unsqueeze", frame_ids, "column"), repeated), "flat")
    layer = graph.add("Unsqueeze", graph.add("Transpose", graph.add("Gather", table, steps), perm=[1, 0]), batch)
    for i in range(layers):
        kernel = graph.constant(f"kernel_{i}", tensor(f"kernel_{i}", FLOAT, [channels, channels, width], weights))
        layer = graph.add("Tanh", graph.add("Conv", layer, kernel, pads=[width // 2, width // 2]))
    tiny = graph.constant("tiny", floats("tiny", [1e-9]))
    return graph.add("Mul", graph.add("ReduceMean", layer, keepdims=0), tiny)


def config(speakers=False):
    return {
        "audio": {"sample_rate": SAMPLE_RATE_HZ, "quality": "test"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_map": {},
        "phoneme_id_map": IDS,
        "num_symbols": len(SYMBOLS),
        "num_speakers": len(SPEAKER_PITCH) if speakers else 1,
        "speaker_id_map": {"low": 0, "middle": 1, "high": 2} if speakers else {},
    }


def write(path, model, settings):
    path.write_bytes(model)
    path.with_name(path.name + ".json").write_text(json.dumps(settings, ensure_ascii=False) + "\n")


def main():
    if sys.argv[1] == "--benchmark":
        write(Path(sys.argv[2]), piper_model(layers=34), config())
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "tone.onnx", piper_model(), config())
    write(folder / "tone_speakers.onnx", piper_model(speakers=True), config(speakers=True))
    write(folder / "tone_plain.onnx", piper_model(with_ceil=False), config())


main()
