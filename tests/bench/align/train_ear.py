"""Trains the ear's network (engine/listen/ear_network.h) on what ear_examples wrote.

Usage: train_ear.py EXAMPLES OUT [STEPS]. Needs PyTorch; half an hour on one core.
The constants of what the network is shown are the engine's own (engine/listen/ear.cpp).
"""

import struct
import sys

import numpy as np
import torch
from torch import nn

BANDS, CHANNELS, VISEMES = 40, 12, 15
JAW, SEAL, TUCK, FUNNEL, LOWER_LIP, UPPER_LIP = 0, 1, 3, 5, 7, 8
NEAR, WIDER, LOOK_AHEAD, STRIDE = 5, 3, 3, 2
NEAR_SIZE, MEMORY_SIZE = 96, 160
SILENT_LEVEL, MOST_LEVEL = -2.5, 3.0
FRAMES, SEQUENCES = 300, 32
# How much each channel counts: what is seen most, most.
CHANNEL_WEIGHTS = [3, 1.5, 0.3, 1.5, 1.5, 0.7, 1, 1.5, 1.5, 0.3, 0.3, 0.5]


def read_examples(path):
    """Lists of (levels, channels, visemes) to train with, and to check by."""
    sets = [], []
    row = BANDS + CHANNELS + 1
    with open(path, "rb") as file:
        while head := file.read(8):
            is_check, frames = struct.unpack("<II", head)
            rows = np.frombuffer(file.read(4 * row * frames), np.float32).reshape(frames, row)
            sets[is_check].append((rows[:, :BANDS], rows[:, BANDS:-1], rows[:, -1].astype(np.int64)))
    return sets


def total_db(levels):
    return 10 * np.log10(np.sum(10 ** (levels / 10), axis=-1))


def relative(levels):
    """Levels [sequences, frames, bands] beside the loudest of late: the engine's Ear::relative."""
    loud = total_db(levels)
    loudest = np.zeros(len(levels))
    shown = np.empty_like(levels, dtype=np.float32)
    for frame in range(levels.shape[1]):
        level = loud[:, frame]
        fallen = loudest - np.where(level > loudest - 30, 0.06, 0.005)
        loudest = np.where(level > loudest, loudest + 0.4 * (level - loudest), fallen)
        loudest = np.maximum(loudest, -15)
        shown[:, frame] = (levels[:, frame] - loudest[:, None] + 25) / 20
    return torch.from_numpy(np.clip(shown, SILENT_LEVEL, MOST_LEVEL))


class Examples:
    """Pieces of examples, each in another room, at another level and with other noise."""

    def __init__(self, examples, rng):
        self.rng = rng
        self.levels, self.channels, self.visemes = (np.concatenate(part) for part in zip(*examples))

    def curves(self, knots, spread):
        """Smooth curves over the bands, one for each sequence."""
        values = self.rng.normal(0, spread, (SEQUENCES, knots))
        places = np.linspace(0, BANDS - 1, knots)
        return np.stack([np.interp(np.arange(BANDS), places, row) for row in values])

    def in_a_room(self, power):
        """Three of ten with an echo that decays."""
        echoes = self.rng.random((SEQUENCES, 1)) < 0.3
        amount = np.where(echoes, 10 ** (self.rng.uniform(-18, -8, (SEQUENCES, 1)) / 10), 0)
        decay = self.rng.uniform(0.7, 0.9, (SEQUENCES, 1))
        tail = np.zeros((SEQUENCES, BANDS))
        heard = np.empty_like(power)
        for frame in range(power.shape[1]):
            tail *= decay
            heard[:, frame] = power[:, frame] + amount * tail
            tail += power[:, frame]
        return heard

    def draw(self):
        rng = self.rng
        first = rng.integers(0, len(self.levels) - FRAMES, SEQUENCES)
        place = first[:, None] + np.arange(FRAMES)
        tilt = rng.normal(0, 3, (SEQUENCES, 1)) * np.linspace(-1, 1, BANDS)
        colour = self.curves(5, 2) + tilt + rng.uniform(-12, 8, (SEQUENCES, 1))
        levels = self.levels[place] + colour[:, None]
        channels, visemes = self.channels[place].copy(), self.visemes[place].copy()
        power = self.in_a_room(10 ** (levels / 10))
        # Noise below the speech: much of it in seven of ten.
        peak = np.percentile(levels.max(2), 95, axis=1)
        is_noisy = rng.random(SEQUENCES) < 0.7
        below = np.where(is_noisy, rng.uniform(5, 40, SEQUENCES), rng.uniform(50, 90, SEQUENCES))
        # A few hear nothing but noise: nobody speaks.
        is_mute = rng.random(SEQUENCES) < 0.06
        noise_db = np.where(is_mute, rng.uniform(-60, 25, SEQUENCES), peak - below)
        shape = self.curves(6, 5) - rng.uniform(0, 8, (SEQUENCES, 1)) * np.linspace(0, 2, BANDS)
        shape -= shape.max(1, keepdims=True)
        noise = noise_db[:, None, None] + shape[:, None] + rng.normal(0, 2.5, power.shape)
        power[is_mute], channels[is_mute], visemes[is_mute] = 0, 0, 0
        heard = 10 * np.log10(power + 10 ** (noise / 10) + 1e-12)
        return relative(heard), torch.from_numpy(channels), torch.from_numpy(visemes)


class Ear(nn.Module):
    def __init__(self):
        super().__init__()
        self.near = nn.Conv1d(BANDS, NEAR_SIZE, NEAR)
        self.wider = nn.Conv1d(NEAR_SIZE, NEAR_SIZE, WIDER)
        self.memory = nn.GRU(NEAR_SIZE, MEMORY_SIZE, batch_first=True)
        self.output = nn.Linear(MEMORY_SIZE + NEAR_SIZE, CHANNELS + VISEMES)

    def forward(self, shown):
        behind = NEAR + WIDER - 2 - LOOK_AHEAD
        padded = nn.functional.pad(shown.transpose(1, 2), (behind, LOOK_AHEAD), value=SILENT_LEVEL)
        wider = torch.relu(self.wider(torch.relu(self.near(padded))))
        wider = wider.transpose(1, 2)[:, ::STRIDE]
        memory, _ = self.memory(wider)
        said = self.output(torch.cat([memory, wider], -1))
        return said[..., :CHANNELS], said[..., CHANNELS:]


def opening(mouth):
    """How far the lips are apart: about lip_opening() of the shaped mouth."""
    jaw, seal, tuck, funnel, lower, upper = (
        mouth[..., i] for i in (JAW, SEAL, TUCK, FUNNEL, LOWER_LIP, UPPER_LIP)
    )
    apart = 1 - seal
    tucked = tuck * apart
    lips = lower * (1 - tuck) * (1 - tucked) + upper + 0.16 * tucked + funnel * (1 - tucked)
    return (jaw + 0.3 * lips) * apart


def train(examples, steps):
    torch.manual_seed(1)
    torch.set_num_threads(1)  # small matrices: more threads wait for one another
    drawn = Examples(examples, np.random.default_rng(1))
    ear = Ear()
    optimizer = torch.optim.AdamW(ear.parameters(), 2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps, pct_start=0.1)
    weights = torch.tensor(CHANNEL_WEIGHTS)
    settled = 20 // STRIDE  # before, the loudest level is not known
    for step in range(steps):
        shown, channels, visemes = drawn.draw()
        channels, visemes = channels[:, ::STRIDE], visemes[:, ::STRIDE]
        said, likely = ear(shown)
        loss = (
            4 * (weights * (said - channels) ** 2)[:, settled:].mean()
            + 4 * ((opening(said) - opening(channels)) ** 2)[:, settled:].mean()
            + 0.06 * nn.functional.cross_entropy(likely.reshape(-1, VISEMES), visemes.reshape(-1))
        )
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(ear.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 500 == 499:
            print(f"{step + 1} of {steps} steps, loss {loss.item():.3f}", flush=True)
    return ear


@torch.no_grad()
def check(ear, examples):
    """The mean correlation of the lips' opening with the aligned one."""
    correlations = []
    for levels, channels, _ in examples:
        said, _ = ear(relative(levels[None]))
        ours = opening(said[0].clamp(0, 1)).numpy()
        theirs = opening(torch.from_numpy(channels[::STRIDE].copy())).numpy()
        correlations.append(np.corrcoef(ours, theirs)[0, 1])
    print(f"opening of {len(examples)} recordings not trained with: r = {np.mean(correlations):.3f}")


def layer_bytes(weight, bias):
    """Rows in signed bytes with a scale each: ear_weights_from's layout."""
    packed = struct.pack("<HH", weight.shape[1], weight.shape[0])
    for row, start in zip(weight.detach().numpy(), bias.detach().numpy()):
        scale = max(1e-8, float(np.abs(row).max()) / 127)
        packed += struct.pack("<ff", start, scale)
        packed += np.clip(np.round(row / scale), -127, 127).astype(np.int8).tobytes()
    return packed


def to_bytes(ear):
    layers = [(c.weight.permute(0, 2, 1).flatten(1), c.bias) for c in (ear.near, ear.wider)]
    layers.append((ear.memory.weight_ih_l0, ear.memory.bias_ih_l0))
    layers.append((ear.memory.weight_hh_l0, ear.memory.bias_hh_l0))
    layers.append((ear.output.weight, ear.output.bias))
    return b"".join(layer_bytes(*layer) for layer in layers)


def main():
    to_train, to_check = read_examples(sys.argv[1])
    minutes = sum(len(levels) for levels, _, _ in to_train) / 6000
    print(f"{len(to_train)} examples, {minutes:.0f} minutes")
    ear = train(to_train, int(sys.argv[3]) if len(sys.argv) > 3 else 5000)
    check(ear, to_check)
    with open(sys.argv[2], "wb") as file:
        file.write(to_bytes(ear))


main()
