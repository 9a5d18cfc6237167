/** A photo with boxes and shades over it. */
import { picture } from "./api.js";
import { draw, make } from "./dom.js";

const COLOURS = 7;

/** Boxes [x0, y0, x1, y1], shares of width and height, each once, with the names of all that share it. */
export function together(marks) {
  const found = new Map();
  for (const { box, name } of marks) {
    const key = box.join();
    if (!found.has(key)) found.set(key, { box, names: [] });
    if (!found.get(key).names.includes(name)) found.get(key).names.push(name);
  }
  return [...found.values()];
}

export class View {
  /** The photo `id` in a size; alt: what it shows. `root` is the element. */
  constructor(id, size, alt) {
    this.image = make("img", { alt, src: picture(id, size), decoding: "async", loading: size === "small" ? "lazy" : "eager" });
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.svg = draw("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.inner = make("div", { class: "view" }, this.image, this.canvas, this.svg);
    this.root = make("div", { class: "photo" }, this.inner);
    this.image.addEventListener("error", () => this.inner.replaceChildren(make("p", { class: "failed" }, "This photo can no longer be opened.")));
    this.image.addEventListener("load", () => {
      this.inner.style.setProperty("--ratio", this.image.naturalWidth / this.image.naturalHeight);
    });
    this.marks = [];
  }

  /** Put boxes over the photo in place of those before: {box, names, colour}; quiet shows none until it is lit. */
  mark(marks, quiet = false) {
    this.svg.replaceChildren();
    this.inner.querySelectorAll(".tag").forEach((tag) => tag.remove());
    this.inner.classList.toggle("quiet-boxes", quiet);
    this.marks = marks.map(({ box: [x0, y0, x1, y1], names, colour }) => {
      const size = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
      const rects = ["halo", "line"].map((kind) => draw("rect", { ...size, class: `box ${kind} c${colour % COLOURS}` }));
      const tag = make("span", { class: "tag" }, names.join(", "));
      if (x0 < 0.5) tag.style.left = `${x0 * 100}%`; else tag.style.right = `${(1 - x1) * 100}%`;
      if (y0 > 0.12) tag.style.bottom = `${(1 - y0) * 100}%`; else tag.style.top = `${y0 * 100}%`;
      this.svg.append(...rects);
      this.inner.append(tag);
      return { parts: [...rects, tag], rects, names, colour };
    });
    this.light(null);
  }

  /** Light the boxes that `which(names, place)` picks, in a colour if one is given; null lights none. */
  light(which, lit = null) {
    this.svg.classList.toggle("lit", which !== null);
    this.marks.forEach(({ parts, rects, names, colour }, place) => {
      const on = which !== null && which(names, place);
      parts.forEach((part) => part.classList.toggle("on", on));
      rects[1].setAttribute("class", `box line c${((on ? lit : null) ?? colour) % COLOURS}${on ? " on" : ""}`);
      if (on) this.svg.append(...rects); // above the others
    });
  }

  /** Hide the boxes, as while the photo is shaded, or show them again. */
  hideMarks(hidden) {
    this.inner.classList.toggle("unmarked", hidden);
  }

  /** Shade the photo by weights, row by row: dark where a word did not look, warm where it did; null shades nothing. */
  shade(weights, rows, columns) {
    const shades = weights && stretched(weights);
    this.canvas.classList.toggle("on", Boolean(shades));
    if (!shades) return;
    const small = make("canvas", { width: columns, height: rows }), image = new ImageData(columns, rows);
    shades.forEach((shade, i) => {
      const warm = 0.25 * shade, alpha = warm + 0.68 * (1 - shade);
      image.data.set([255 * warm / alpha, 176 * warm / alpha, 60 * warm / alpha, 255 * alpha], 4 * i);
    });
    small.getContext("2d").putImageData(image, 0, 0);
    this.canvas.width = this.canvas.height = 256;
    const context = this.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    // From the middle of the outer cells outwards there is nothing to lie between: the outer cells go on.
    context.drawImage(small, 0, 0, columns, rows, 0, 0, 256, 256);
  }
}

/** Weights as shades from 0 to 1; null for a word that looked everywhere alike, for then there is nothing to show. */
function stretched(weights) {
  const low = Math.min(...weights), spread = Math.max(...weights) - low;
  return spread <= 0.2 / weights.length ? null : weights.map((weight) => (weight - low) / spread);
}
