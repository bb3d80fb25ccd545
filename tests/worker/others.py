"""Pictures that are no ECG, made from a random generator: what people upload by mistake."""

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

matplotlib.use("Agg")
from matplotlib import pyplot as plt

WORDS = [
    "patient",
    "was",
    "seen",
    "today",
    "with",
    "mild",
    "chest",
    "pain",
    "since",
    "the",
    "morning",
    "no",
    "fever",
    "blood",
    "pressure",
    "normal",
    "plan",
    "follow",
    "up",
]


def blank(rng):
    return np.full((300, 800, 3), int(rng.integers(200, 256)), np.uint8)


def text_page(rng):
    width, height = int(rng.integers(500, 1300)), int(rng.integers(400, 1500))
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    size = int(rng.integers(10, 26))
    font = ImageFont.load_default(size)
    for y in range(20, height - size, int(size * 1.5)):
        draw.text((20, y), " ".join(rng.choice(WORDS, max(2, width // (size * 4)))), fill="black", font=font)
    return np.asarray(image)


def one_line_of_text(rng):
    image = Image.new("RGB", (int(rng.integers(400, 900)), int(rng.integers(50, 120))), "white")
    font = ImageFont.load_default(int(rng.integers(18, 40)))
    ImageDraw.Draw(image).text((8, 12), " ".join(rng.choice(WORDS, 9)), fill="black", font=font)
    return np.asarray(image)


def noise(rng):
    return rng.integers(0, 256, (300, 700, 3)).astype(np.uint8)


def paper_noise(rng):
    return np.clip(rng.normal(225, 14, (300, 700, 1)) + np.zeros(3), 0, 255).astype(np.uint8)


def clouds(rng):
    """Something like a landscape: smooth random colour with a horizon."""
    height, width = 480, 720
    image = np.zeros((height, width, 3), np.float32)
    for size in (4, 9, 20, 60):
        field = rng.normal(0, 1, (size, size, 3)).astype(np.float32)
        image += cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC) * (40 / size**0.4)
    horizon = height // 2 + (20 * np.sin(np.arange(width) / rng.uniform(30, 90))).astype(int)
    below = np.arange(height)[:, None] > horizon[None, :]
    image += np.where(below[..., None], np.array([60, 110, 50]), np.array([150, 190, 230]))
    return np.clip(image, 0, 255).astype(np.uint8)


def furry(rng):
    """Something like a cat: a textured blob with dark eyes on a softer ground."""
    height, width = 500, 600
    image = np.full((height, width, 3), rng.integers(120, 220, 3), np.float32)
    cv2.ellipse(image, (300, 270), (170, 190), 0, 0, 360, [float(v) for v in rng.integers(60, 200, 3)], -1)
    for x in (240, 360):
        cv2.circle(image, (x, 220), 22, (20, 30, 20), -1)
        cv2.line(image, (300, 300), (x + (x - 300) * 2, 290), (240, 240, 240), 1)
    image += cv2.GaussianBlur(rng.normal(0, 60, (height, width, 1)).astype(np.float32), (5, 1), 0)[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)


def shapes(rng):
    image = Image.new("RGB", (640, 420), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 12))):
        x, y, w, h = rng.integers(0, 500), rng.integers(0, 320), rng.integers(20, 180), rng.integers(20, 140)
        box = [int(x), int(y), int(x + w), int(y + h)]
        fill = tuple(int(c) for c in rng.integers(0, 230, 3))
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)(
            box, fill=fill if rng.random() < 0.6 else None, outline=fill
        )
    return np.asarray(image)


def logo(rng):
    image = Image.new("RGB", (360, 160), "white")
    draw = ImageDraw.Draw(image)
    colour = tuple(int(c) for c in rng.integers(0, 180, 3))
    draw.ellipse([15, 20, 130, 135], fill=colour)
    draw.polygon([(70, 30), (40, 110), (105, 110)], fill="white")
    draw.text((145, 50), "ACME Ltd", fill=colour, font=ImageFont.load_default(44))
    return np.asarray(image)


def table(rng):
    image = Image.new("RGB", (700, 420), "white")
    draw = ImageDraw.Draw(image)
    step = int(rng.integers(28, 60))
    for y in range(10, 420, step):
        draw.line([(10, y), (690, y)], fill=(90, 90, 90))
    for x in range(10, 700, step * 2):
        draw.line([(x, 10), (x, 410)], fill=(90, 90, 90))
        for y in range(10, 400, step):
            draw.text((x + 5, y + 6), str(int(rng.integers(0, 9999))), fill="black", font=ImageFont.load_default(14))
    return np.asarray(image)


def screenshot(rng):
    image = Image.new("RGB", (1000, 640), (246, 247, 249))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, 1000, 52], fill=(20, 90, 110))
    draw.rectangle([0, 52, 210, 640], fill=(230, 234, 238))
    font = ImageFont.load_default(16)
    for i in range(9):
        draw.text((20, 80 + 44 * i), str(rng.choice(WORDS)), fill=(40, 40, 40), font=font)
    for i in range(3):
        x = 235 + 250 * i
        draw.rounded_rectangle([x, 90, x + 230, 240], 12, fill="white", outline=(210, 210, 210))
        draw.text((x + 16, 110), " ".join(rng.choice(WORDS, 3)), fill=(20, 20, 20), font=font)
    return np.asarray(image)


def _figure(draw, inches=(6, 4)):
    figure, plot = plt.subplots(figsize=inches, dpi=90)
    draw(plot)
    figure.canvas.draw()
    rgb = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
    plt.close(figure)
    return rgb


def bar_chart(rng):
    return _figure(lambda plot: plot.bar(range(8), rng.random(8) * 10))


def thin_bars(rng):
    return _figure(lambda plot: plot.bar(range(30), rng.random(30) * 10, width=0.3, color="black"))


def pie_chart(rng):
    return _figure(lambda plot: plot.pie(rng.random(5) + 0.1, labels=list("ABCDE")))


def scatter_plot(rng):
    return _figure(lambda plot: plot.scatter(rng.normal(size=150), rng.normal(size=150), s=12))


def histogram(rng):
    return _figure(lambda plot: plot.hist(rng.normal(size=600), bins=30, histtype=rng.choice(["bar", "step"])))


def line_chart_with_legend(rng):
    def draw(plot):
        for name in ("north", "south", "west"):
            plot.plot(np.cumsum(rng.normal(size=60)), label=name)
        plot.legend()
        plot.set_title("Sales")

    return _figure(draw)


def random_walk(rng):
    return _figure(lambda plot: plot.plot(np.cumsum(rng.normal(size=400)), color="black"))


def sine(rng):
    x = np.linspace(0, 10, 500)
    return _figure(lambda plot: plot.plot(x, np.sin(x * rng.uniform(1, 9)), color=str(rng.choice(["black", "C0"]))))


def sawtooth(rng):
    x = np.linspace(0, rng.integers(4, 12), 600)
    return _figure(lambda plot: plot.plot(x, x % 1, color="black"))


def square_wave(rng):
    x = np.linspace(0, rng.integers(4, 12), 600)
    return _figure(lambda plot: plot.plot(x, (x % 1 < 0.5) * 1.0, color="black"))


def white_noise_line(rng):
    return _figure(lambda plot: plot.plot(rng.normal(size=300), color="black", linewidth=0.8))


def few_points(rng):
    return _figure(lambda plot: plot.plot(rng.random(12), marker="o", color="C0"))


def bell_curve(rng):
    x = np.linspace(-4, 4, 300)
    return _figure(lambda plot: plot.plot(x, np.exp(-(x**2) / 2), color="black"))


def decay(rng):
    x = np.linspace(0, 5, 300)
    return _figure(lambda plot: plot.plot(x, np.exp(-x * rng.uniform(0.5, 3)), color="black"))


def pulses(rng):
    x = np.linspace(0, int(rng.integers(5, 15)), 1500)
    width = rng.uniform(0.03, 0.2)
    return _figure(lambda plot: plot.plot(x, (x % 1 < width) * 1.0, color="black"), inches=(10, 3))


def needles(rng):
    return _figure(lambda plot: plot.vlines(range(20), 0, rng.random(20) + 0.5) or plot.axhline(0), inches=(10, 3))


def straight_line(rng):
    image = np.full((200, 700, 3), 255, np.uint8)
    cv2.line(image, (0, int(rng.integers(50, 150))), (699, int(rng.integers(50, 150))), (0, 0, 0), 2)
    return image


def squared_paper(rng):
    image = np.full((400, 700, 3), 255, np.uint8)
    step = int(rng.integers(8, 30))
    image[::step] = (170, 190, 220)
    image[:, ::step] = (170, 190, 220)
    return image


def barcode(rng):
    image = np.full((160, 420, 3), 255, np.uint8)
    x = 15
    while x < 400:
        w = int(rng.integers(1, 6))
        image[15:145, x : x + w] = 0
        x += w + int(rng.integers(1, 6))
    return image


def handwriting(rng):
    image = np.full((220, 700, 3), 250, np.uint8)
    t = np.linspace(0, 60, 2500)
    x = 20 + 10.5 * t + 14 * np.sin(2.3 * t + rng.random())
    y = 110 + 28 * np.sin(2.1 * t) * (0.6 + 0.4 * np.sin(0.37 * t + rng.random())) + 6 * np.sin(5 * t)
    cv2.polylines(image, [np.stack([x, y], 1).astype(np.int32).reshape(-1, 1, 2)], False, (30, 30, 90), 2, cv2.LINE_AA)
    return image


def skyline(rng):
    image = np.full((300, 700, 3), 235, np.uint8)
    x = 0
    while x < 700:
        w, h = int(rng.integers(20, 70)), int(rng.integers(40, 220))
        image[300 - h :, x : x + w] = int(rng.integers(30, 90))
        x += w
    return image


NOT_ECG = (
    text_page, one_line_of_text, noise, paper_noise, clouds, furry, shapes, logo, table, screenshot, bar_chart,
    thin_bars,
    pie_chart, scatter_plot, histogram, line_chart_with_legend, random_walk, sine, sawtooth, square_wave,
    white_noise_line, few_points, bell_curve, decay, straight_line, pulses, needles,
    squared_paper, barcode, handwriting, skyline,
)  # fmt: skip
