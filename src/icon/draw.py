#!/usr/bin/env python3
"""Draws icon.png from icon.svg: rounded rectangles and polygons, 8 x 8 samples a pixel. Needs Python alone, and always writes the same."""

import math
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

SIZE = 128
SAMPLES = 8
FOLDER = Path(__file__).resolve().parent


def crossings(points, y):
    """Where a polygon's edges cross a line, from left to right."""
    found = []
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1]):
        if (y0 <= y) != (y1 <= y):
            found.append(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return sorted(found)


def rounded(shape):
    """A rounded rectangle as a polygon."""
    x, y, width, height, radius = (float(shape.get(name)) for name in ("x", "y", "width", "height", "rx"))
    corners = [(x + width - radius, y + height - radius, 0), (x + radius, y + height - radius, 90),
               (x + radius, y + radius, 180), (x + width - radius, y + radius, 270)]
    turns = [(cx, cy, math.radians(start + step * 3)) for cx, cy, start in corners for step in range(31)]
    return [(cx + radius * math.cos(turn), cy + radius * math.sin(turn)) for cx, cy, turn in turns]


def shapes():
    for shape in ElementTree.parse(FOLDER / "icon.svg").getroot():
        kind = shape.tag.rpartition("}")[2]
        color = tuple(bytes.fromhex(shape.get("fill")[1:]))
        if kind == "rect":
            yield rounded(shape), color
        elif kind == "polygon":
            yield [tuple(map(float, point.split(","))) for point in shape.get("points").split()], color
        else:
            raise ValueError(f"{kind} can't be drawn")


def draw():
    wide = SIZE * SAMPLES
    rows = [[None] * wide for _ in range(wide)]
    for points, color in shapes():
        for index, row in enumerate(rows):
            edges = crossings(points, (index + 0.5) / SAMPLES)
            for left, right in zip(edges[::2], edges[1::2]):
                begin, end = math.ceil(left * SAMPLES - 0.5), math.ceil(right * SAMPLES - 0.5)
                row[begin:end] = [color] * (end - begin)
    return rows


def pixel(rows, x, y):
    block = [rows[y * SAMPLES + dy][x * SAMPLES + dx] for dy in range(SAMPLES) for dx in range(SAMPLES)]
    inside = [color for color in block if color]
    if not inside:
        return bytes(4)
    mean = [round(sum(channel) / len(inside)) for channel in zip(*inside)]
    return bytes([*mean, round(255 * len(inside) / len(block))])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main():
    rows = draw()
    lines = b"".join(b"\0" + b"".join(pixel(rows, x, y) for x in range(SIZE)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    (FOLDER / "icon.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    main()
