"use strict";
const SIZE = 48; // pixels of the overlay before the browser stretches it over the photo

/** The four weights of a cubic B-spline at t, 0 to 1, between the second and the third. */
function spline(t) {
  return [(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3].map((w) => w / 6);
}

/** Where the pixel `i` of SIZE lies among `count` cells: pairs of cell and weight. */
function around(i, count) {
  const place = ((i + 0.5) / SIZE) * count - 0.5, first = Math.floor(place);
  return spline(place - first).map((weight, k) => [Math.min(count - 1, Math.max(0, first - 1 + k)), weight]);
}

/** The shades of a word, two hexadecimal digits a cell, as SIZE * SIZE numbers from 0 to 1. */
function smooth(hex, rows, columns) {
  const cells = hex.match(/../g).map((pair) => parseInt(pair, 16)), out = [];
  const down = [...Array(SIZE).keys()].map((i) => around(i, rows));
  const across = [...Array(SIZE).keys()].map((i) => around(i, columns));
  for (const y of down) for (const x of across) {
    let sum = 0;
    for (const [row, a] of y) for (const [column, b] of x) sum += a * b * cells[row * columns + column];
    out.push(sum);
  }
  const most = Math.max(...out);
  return out.map((shade) => (most ? shade / most : 0));
}

/** Draw what a word looked at: dark where it did not, warm where it did. */
function draw(canvas, word, main) {
  const context = canvas.getContext("2d"), image = context.createImageData(SIZE, SIZE);
  canvas.width = canvas.height = SIZE;
  smooth(word.dataset.looked, +main.dataset.rows, +main.dataset.columns).forEach((shade, i) => {
    const warm = 0.25 * shade, alpha = warm + 0.68 * (1 - shade);
    image.data.set([255 * warm / alpha, 176 * warm / alpha, 60 * warm / alpha, 255 * alpha], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

const main = document.querySelector("main");
let kept = null; // the word that was clicked or tapped: shown until another is, or Escape

function show(word) {
  const article = word.closest("article"), canvas = article.querySelector("canvas"), sure = article.querySelector(".sure");
  hide(article);
  word.classList.add("on");
  if (canvas) { draw(canvas, word, main); canvas.classList.add("on"); }
  sure.dataset.usual ??= sure.textContent;
  sure.textContent = word.title;
}

function hide(article) {
  article.querySelectorAll(".on").forEach((element) => element.classList.remove("on"));
  const sure = article.querySelector(".sure");
  if (sure.dataset.usual !== undefined) sure.textContent = sure.dataset.usual;
}

function leave(event) {
  const word = event.target.closest(".word");
  if (!word) return;
  hide(word.closest("article"));
  if (kept && kept.closest("article") === word.closest("article")) show(kept);
}

function enter(event) {
  const word = event.target.closest(".word");
  if (word) show(word);
}

for (const name of ["pointerover", "focusin"]) main.addEventListener(name, enter);
for (const name of ["pointerout", "focusout"]) main.addEventListener(name, leave);
main.addEventListener("click", (event) => {
  const word = event.target.closest(".word"), before = kept;
  if (!word) return;
  kept = word === before ? null : word;
  if (before) hide(before.closest("article"));
  if (kept) show(kept);
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  kept = null;
  document.querySelectorAll("article").forEach(hide);
});
document.querySelector("input").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of document.querySelectorAll("article")) {
    article.text ??= article.textContent.toLowerCase();
    article.hidden = !wanted.every((word) => article.text.includes(word));
  }
});
