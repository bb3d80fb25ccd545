"""Pages, scribbles, silhouettes, noise, and pictures that packages ship."""

import gzip
from typing import Final

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Rng = np.random.Generator
WORDS: Final = tuple(
    "the patient was seen today with mild pain since morning no fever blood pressure normal plan follow up".split()  # noqa: SIM905
)


# --- Pages ------------------------------------------------------------------------------------------------------------
def text_page(rng: Rng) -> np.ndarray:
    image = Image.new("RGB", (int(rng.integers(500, 1300)), int(rng.integers(400, 1500))), "white")
    draw, size = ImageDraw.Draw(image), int(rng.integers(10, 26))
    font = ImageFont.load_default(size)
    for y in range(20, image.height - size, int(size * 1.5)):
        draw.text((20, y), _words(rng, max(2, image.width // (size * 4))), fill="black", font=font)
    return np.asarray(image)


def line_of_text(rng: Rng) -> np.ndarray:
    image = Image.new("RGB", (int(rng.integers(400, 900)), int(rng.integers(50, 120))), "white")
    font = ImageFont.load_default(int(rng.integers(18, 40)))
    ImageDraw.Draw(image).text((8, 12), _words(rng, 9), fill="black", font=font)
    return np.asarray(image)


def form(rng: Rng) -> np.ndarray:
    """A table of numbers with ruled lines."""
    image = Image.new("RGB", (700, 420), "white")
    draw, step = ImageDraw.Draw(image), int(rng.integers(28, 60))
    for y in range(10, 420, step):
        draw.line([(10, y), (690, y)], fill=(90, 90, 90))
        for x in range(10, 700, step * 2):
            draw.text((x + 5, y + 6), str(int(rng.integers(0, 9999))), fill="black", font=ImageFont.load_default(14))
    return np.asarray(image)


def sheet_music(rng: Rng) -> np.ndarray:
    image = np.full((int(rng.integers(140, 400)), 800, 3), 255, np.uint8)
    for top in range(40, image.shape[0] - 60, 110):
        for line in range(5):
            image[top + 10 * line] = 0
        for x in range(50, 780, int(rng.integers(30, 50))):
            y = top + 5 * int(rng.integers(0, 9))
            cv2.ellipse(image, (x, y), (7, 5), -20, 0, 360, (0, 0, 0), -1)
            cv2.line(image, (x + 6, y), (x + 6, y - 34), (0, 0, 0), 1)
    return image


def barcode(rng: Rng) -> np.ndarray:
    image = np.full((160, 420, 3), 255, np.uint8)
    x = 15
    while x < 400:
        width = int(rng.integers(1, 6))
        image[15:145, x : x + width] = 0
        x += width + int(rng.integers(1, 6))
    return image


def matrix_code(rng: Rng) -> np.ndarray:
    modules = np.kron((rng.random((25, 25)) < 0.5).astype(np.uint8) * 255, np.ones((10, 10), np.uint8))
    return cv2.cvtColor(np.pad(modules, 40, constant_values=255), cv2.COLOR_GRAY2RGB)


def squared_paper(rng: Rng) -> np.ndarray:
    image = np.full((400, 700, 3), 255, np.uint8)
    step = int(rng.integers(8, 30))
    image[::step] = (170, 190, 220)
    image[:, ::step] = (170, 190, 220)
    return image


def circuit(rng: Rng) -> np.ndarray:
    """Wires at right angles with zigzag resistors: one line that crosses the page."""
    image = np.full((260, 800, 3), 255, np.uint8)
    x, y, points = 20, 130, [(20, 130)]
    while x < 760:
        if rng.random() < 0.5:
            for step in range(6):
                points.append((x + 6 * step + 3, y + (18 if step % 2 else -18)))
            x += 38
        else:
            x += int(rng.integers(20, 70))
        points.append((x, y))
        y = int(np.clip(y + rng.choice((-60, 0, 60)), 60, 200))
        points.append((x, y))
    return _stroked(image, np.array(points), 2)


def street_map(rng: Rng) -> np.ndarray:
    image = np.full((500, 700, 3), 245, np.uint8)
    for _ in range(int(rng.integers(8, 20))):
        ends = rng.integers(0, (700, 500), (2, 2))
        cv2.line(image, ends[0].tolist(), ends[1].tolist(), (120, 120, 120), int(rng.integers(1, 6)), cv2.LINE_AA)
    return image


def logo(rng: Rng) -> np.ndarray:
    image = Image.new("RGB", (360, 160), "white")
    draw = ImageDraw.Draw(image)
    colour = tuple(int(c) for c in rng.integers(0, 180, 3))
    draw.ellipse([15, 20, 130, 135], fill=colour)
    draw.text((145, 50), "ACME Ltd", fill=colour, font=ImageFont.load_default(44))
    return np.asarray(image)


def screenshot(rng: Rng) -> np.ndarray:
    image = Image.new("RGB", (1000, 640), (246, 247, 249))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 1000, 52], fill=(20, 90, 110))
    for row in range(9):
        draw.text((20, 80 + 44 * row), _words(rng, 3), fill=(40, 40, 40), font=ImageFont.load_default(16))
    return np.asarray(image)


# --- Drawn by hand ----------------------------------------------------------------------------------------------------
def handwriting(rng: Rng) -> np.ndarray:
    t = np.linspace(0, 60, 2500)
    x = 20 + 10.5 * t + 14 * np.sin(2.3 * t + rng.random())
    y = 110 + 28 * np.sin(2.1 * t) * (0.6 + 0.4 * np.sin(0.37 * t + rng.random())) + 6 * np.sin(5 * t)
    return _stroked(np.full((220, 700, 3), 250, np.uint8), np.stack([x, y], axis=1), int(rng.integers(1, 4)))


def signature(rng: Rng) -> np.ndarray:
    """Loops that fall to a line, with a stroke below."""
    t = np.linspace(0, 1, 900)
    y = 120 - 70 * np.abs(np.sin(rng.uniform(8, 16) * t)) * np.exp(-2 * t) * (1 + 0.3 * np.sin(40 * t))
    x = 40 + 560 * t + 25 * np.sin(rng.uniform(18, 30) * t)
    return _stroked(np.full((200, 660, 3), 255, np.uint8), np.stack([x, y], axis=1), 2)


def doodle(rng: Rng) -> np.ndarray:
    """Spirals and zigzags of a telephone call."""
    t = np.linspace(0, 40, 1600)
    x = 30 + 16 * t + 30 * np.cos(t * rng.uniform(0.8, 1.4))
    y = 130 + 60 * np.sin(t * rng.uniform(0.8, 1.4)) * np.sin(0.1 * t)
    return _stroked(np.full((260, 720, 3), 255, np.uint8), np.stack([x, y], axis=1), 2)


def zigzag(rng: Rng) -> np.ndarray:
    count = int(rng.integers(8, 40))
    x = np.linspace(10, 690, count)
    y = 110 + 80 * rng.uniform(-1, 1, count)
    return _stroked(np.full((220, 700, 3), 255, np.uint8), np.stack([x, y], axis=1), 2)


# --- Silhouettes ------------------------------------------------------------------------------------------------------
def skyline(rng: Rng) -> np.ndarray:
    return _outlined(rng, _roofs(rng))


def church_towers(rng: Rng) -> np.ndarray:
    """A flat town with a spire here and there."""
    heights = 30 + _roofs(rng) * 0.1
    for at in rng.integers(30, 670, int(rng.integers(2, 7))):
        width = int(rng.integers(6, 16))
        reach = np.abs(np.arange(700) - at)
        heights = np.maximum(heights, rng.uniform(90, 210) * np.clip(1 - reach / width, 0, 1))
    return _outlined(rng, heights)


def trees(rng: Rng) -> np.ndarray:
    """Conifers on a plain."""
    heights = np.full(700, 20.0)
    for at in rng.integers(0, 700, int(rng.integers(5, 25))):
        reach = np.abs(np.arange(700) - at) / rng.uniform(8, 26)
        heights = np.maximum(heights, 20 + rng.uniform(60, 190) * np.clip(1 - reach, 0, 1))
    return _outlined(rng, heights)


def mountains(rng: Rng) -> np.ndarray:
    corners = rng.uniform(30, 230, int(rng.integers(6, 16)))
    heights = np.interp(np.arange(700), np.linspace(0, 699, len(corners)), corners)
    return _outlined(rng, heights + np.cumsum(rng.normal(0, 0.8, 700)))


def fence(rng: Rng) -> np.ndarray:
    step = int(rng.integers(14, 50))
    return _outlined(rng, 30 + 130.0 * (np.arange(700) % step < step * rng.uniform(0.3, 0.7)))


def furry(rng: Rng) -> np.ndarray:
    """Something like a cat: a textured blob with dark eyes on a softer ground."""
    image = np.full((500, 600, 3), rng.integers(120, 220, 3), np.float32)
    cv2.ellipse(image, (300, 270), (170, 190), 0, 0, 360, [float(v) for v in rng.integers(60, 200, 3)], -1)
    for x in (240, 360):
        cv2.circle(image, (x, 220), 22, (20, 30, 20), -1)
    image += cv2.GaussianBlur(rng.normal(0, 60, (500, 600, 1)).astype(np.float32), (5, 1), 0)[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)


def clouds(rng: Rng) -> np.ndarray:
    image = np.full((480, 720, 3), 160, np.float32)
    for size in (4, 9, 20, 60):
        field = rng.normal(0, 1, (size, size, 3)).astype(np.float32)
        image += cv2.resize(field, (720, 480), interpolation=cv2.INTER_CUBIC) * (40 / size**0.4)
    return np.clip(image, 0, 255).astype(np.uint8)


# --- Noise ------------------------------------------------------------------------------------------------------------
def white_noise(rng: Rng) -> np.ndarray:
    return rng.integers(0, 256, (300, 700, 3)).astype(np.uint8)


def paper_noise(rng: Rng) -> np.ndarray:
    return np.clip(rng.normal(225, 14, (300, 700, 1)) + np.zeros(3), 0, 255).astype(np.uint8)


def scratches(rng: Rng) -> np.ndarray:
    image = np.full((300, 700, 3), 235, np.uint8)
    for _ in range(int(rng.integers(3, 20))):
        ends = rng.integers(0, (700, 300), (2, 2))
        cv2.line(image, ends[0].tolist(), ends[1].tolist(), (60, 60, 60), 1, cv2.LINE_AA)
    return image


# --- Shipped by matplotlib --------------------------------------------------------------------------------------------
def portrait(rng: Rng) -> np.ndarray:
    return _cut(rng, np.asarray(Image.open(f"{_sample_folder()}/grace_hopper.jpg").convert("RGB")))


def ornament(rng: Rng) -> np.ndarray:
    return _cut(rng, np.asarray(Image.open(f"{_sample_folder()}/Minduka_Present_Blue_Pack.png").convert("RGB")))


def magnetic_resonance_image(rng: Rng) -> np.ndarray:
    with gzip.open(f"{_sample_folder()}/s1045.ima.gz") as file:
        values = np.frombuffer(file.read(), np.uint16).reshape(256, 256).astype(np.float32)
    scaled = (values / values.max() * 255).astype(np.uint8)
    return _cut(rng, cv2.cvtColor(scaled, cv2.COLOR_GRAY2RGB))


def relief(rng: Rng) -> np.ndarray:
    heights = np.load(f"{_sample_folder()}/jacksboro_fault_dem.npz")["elevation"].astype(np.float32)
    scaled = ((heights - heights.min()) / np.ptp(heights) * 255).astype(np.uint8)
    return _cut(rng, cv2.cvtColor(scaled, cv2.COLOR_GRAY2RGB))


def _sample_folder() -> str:
    return f"{matplotlib.get_data_path()}/sample_data"


def _cut(rng: Rng, image: np.ndarray) -> np.ndarray:
    """A part of it, so that one picture makes many."""
    height, width = image.shape[:2]
    share = rng.uniform(0.5, 1.0)
    rows, columns = int(height * share), int(width * share)
    top, left = int(rng.integers(0, height - rows + 1)), int(rng.integers(0, width - columns + 1))
    return cv2.resize(
        np.ascontiguousarray(image[top : top + rows, left : left + columns]), (640, int(640 * rows / columns))
    )


def _words(rng: Rng, count: int) -> str:
    return " ".join(rng.choice(WORDS, count))


def _stroked(image: np.ndarray, points: np.ndarray, width: int) -> np.ndarray:
    return cv2.polylines(image, [np.round(points).astype(np.int32)], False, (30, 30, 60), width, cv2.LINE_AA)


def _roofs(rng: Rng) -> np.ndarray:
    heights: list[float] = []
    while len(heights) < 700:
        heights += [float(rng.uniform(40, 220))] * int(rng.integers(15, 70))
    return np.array(heights[:700])


def _outlined(rng: Rng, heights: np.ndarray) -> np.ndarray:
    """A dark silhouette, or its outline alone."""
    image = np.full((300, 700, 3), 240, np.uint8)
    points = np.stack([np.arange(700), 290 - heights], axis=1).round().astype(np.int32)
    if rng.random() < 0.5:
        return _stroked(image, points, 2)
    return cv2.fillPoly(image, [np.concatenate([points, [[699, 299], [0, 299]]]).astype(np.int32)], (40, 45, 40))


SCENES: Final = (
    text_page, line_of_text, form, sheet_music, barcode, matrix_code, squared_paper, circuit, street_map, logo,
    screenshot, handwriting, signature, doodle, zigzag, skyline, church_towers, trees, mountains, fence, furry, clouds,
    white_noise, paper_noise, scratches, portrait, ornament, magnetic_resonance_image, relief,
)  # fmt: skip
