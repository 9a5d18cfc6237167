/** The parts of a photo, each with a sentence; described when they are first asked for. */
import { ask } from "./api.js";
import { by, make, percent, say, sentence } from "./dom.js";

const list = by("regions"), note = by("regions-status");
let id = null, view = null, regions = null;

/** Begin with another photo. */
export function begin(newId, shown) {
  [id, view, regions] = [newId, shown, null];
  list.replaceChildren();
  say(note, "");
}

/** Show the regions; still: whether it is still the photo that is asked for. */
export async function show(still) {
  view?.mark([]);
  if (regions) return mark();
  if (!id) return;
  say(note, "The parts of the photo are being described …");
  try {
    const row = await ask(`/api/photos/${encodeURIComponent(id)}/regions`);
    if (!still()) return;
    regions = row.regions;
    say(note, regions.length ? "Point at a sentence, tap it or go to it: the photo shows its part." : "Nothing can be said of its parts.");
    list.replaceChildren(...regions.map(rowOf));
    if (!by("panel-regions").hidden) mark();
  } catch (error) {
    if (still()) say(note, error.message, true);
  }
}

/** Light one part, or none. */
export function light(i) {
  if (by("panel-regions").hidden) return;
  view?.light(i === null ? null : (names, at) => at === i);
  list.querySelectorAll("button").forEach((button, at) => button.classList.toggle("on", at === i));
}

function mark() {
  view.shade(null);
  view.mark(regions.map((region, i) => ({ box: region.box, names: [`${i + 1}`], colour: i })), true);
}

function rowOf(region, i) {
  return make("li", {}, make("button", { type: "button", "data-region": i },
    make("span", { class: "number", "aria-hidden": "true" }, String(i + 1)),
    make("span", { class: "text" }, sentence(region.text)),
    make("span", { class: "share" }, region.confidence === null ? "" : percent(region.confidence))));
}

for (const name of ["pointerover", "focusin", "click"]) {
  list.addEventListener(name, (event) => {
    const button = event.target.closest("button");
    if (button) light(Number(button.dataset.region));
  });
}
list.addEventListener("keydown", (event) => {
  const all = [...list.querySelectorAll("button")], at = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (at < 0 || !step) return;
  event.preventDefault();
  all[Math.min(all.length - 1, Math.max(0, at + step))].focus();
});
