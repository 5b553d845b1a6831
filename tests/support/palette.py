"""A PNG with few colours: a screenshot of text and plain shapes is a fifth of its size with a palette of 64."""

import base64
import struct
import zlib
from typing import NamedTuple

from playwright.sync_api import Page

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 64

# The browser reckons: it has the pixels, and does in a tenth of a second what takes ten here. Colours nearer to each
# other than a step are one, the greys at the edges of letters mostly; each stands for the true one that is there most.
_RECKON = """async ([png, colours]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const data = pen.getImageData(0, 0, image.width, image.height).data;
  const step = 12, coarse = new Map(), keys = new Uint32Array(data.length / 4);
  for (let at = 0; at < keys.length; at++) {
    const [r, g, b] = [data[4 * at], data[4 * at + 1], data[4 * at + 2]];
    const key = (Math.floor(r / step) << 16) | (Math.floor(g / step) << 8) | Math.floor(b / step);
    keys[at] = key;
    const true_ = (r << 16) | (g << 8) | b;
    const found = coarse.get(key) ?? { count: 0, trues: new Map() };
    found.count++;
    found.trues.set(true_, (found.trues.get(true_) ?? 0) + 1);
    coarse.set(key, found);
  }
  const kept = [...coarse].sort((a, b) => b[1].count - a[1].count).slice(0, colours);
  const palette = kept.map(([, found]) => [...found.trues].sort((a, b) => b[1] - a[1])[0][0]);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const far = (a, b) => parts(a).reduce((sum, part, n) => sum + (part - parts(b)[n]) ** 2, 0);
  const index = new Map();
  for (const key of coarse.keys()) {
    let best = 0;
    for (let n = 1; n < kept.length; n++) if (far(kept[n][0], key) < far(kept[best][0], key)) best = n;
    index.set(key, best);
  }
  let text = "";
  for (const key of keys) text += String.fromCharCode(index.get(key));
  return { width: image.width, height: image.height, palette: palette.map(parts), pixels: btoa(text) };
}"""


class _Reckoned(NamedTuple):
    width: int
    height: int
    palette: list[list[int]]
    pixels: str


def few_colours(page: Page, png: bytes) -> bytes:
    """The same picture with at most COLOURS colours. `page` is a blank one, to reckon on."""
    found = _Reckoned(**page.evaluate(_RECKON, [base64.b64encode(png).decode(), COLOURS]))
    pixels = base64.b64decode(found.pixels)
    rows = (pixels[at : at + found.width] for at in range(0, len(pixels), found.width))
    head = struct.pack(">IIBBBBB", found.width, found.height, 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    palette = b"".join(bytes(colour) for colour in found.palette)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", body), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
