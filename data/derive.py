"""Derive the tables that feed the networks from elnino.csv and digits.csv.

Plain Python, no packages.  Run from anywhere: python derive.py
Sums are correctly rounded (math.fsum), so the output does not depend on machine or order.
"""
import math
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent


def write(name, header, rows):
    lines = [",".join(header)] + [",".join(repr(value) for value in row) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n")


def single(value):
    """The float32 nearest to a number: the point clouds were computed in float32."""
    return struct.unpack("f", struct.pack("f", value))[0]


def elnino():
    """Years as vectors of n seasonal means of the series standardised over all months (population deviation)."""
    lines = (HERE / "elnino.csv").read_text().splitlines()
    months = [word.strip('"') for word in lines[0].split(",")[1:]]
    table = [[float(word) for word in line.split(",")[1:]] for line in lines[1:]]
    values = [value for row in table for value in row]
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    for n in (4, 6, 12):
        k = 12 // n
        header = [months[s * k] if k == 1 else f"{months[s * k]}-{months[s * k + k - 1]}" for s in range(n)]
        write(f"elnino_c{n}.csv", header,
              [[math.fsum((row[s * k + i] - mean) / deviation for i in range(k)) / k for s in range(n)]
               for row in table])


def digits():
    """Test images as torus networks see them; the brightest pixels of zeros and ones as point clouds."""
    table = [[int(word) for word in line.split(",")] for line in (HERE / "digits.csv").read_text().splitlines()]
    write("digits_torus8.csv", [f"r{i // 8}c{i % 8}" for i in range(64)],
          [[pixel / 16 for pixel in row[:64]] for row in table[1200:]])
    coordinate = [single(single(k / 3.5) - 1) for k in range(8)]
    for n in (3, 4, 5):
        rows = []
        for row in table:
            if row[64] < 2:
                brightest = sorted(range(64), key=lambda i: -row[i])[:n]
                rows.append([coordinate[c] for i in brightest for c in (i // 8, i % 8)])
        write(f"digits_points_s{n}.csv", [f"{axis}{p}" for p in range(n) for axis in ("row", "column")], rows)


if __name__ == "__main__":
    elnino()
    digits()
