/** A sentence that is typed, aligned with the photo: each word shows the part that it names. */
import { ask } from "./api.js";
import { by, make, say } from "./dom.js";
import { Words } from "./words.js";

const place = by("aligned"), typed = by("sentence"), beta = by("beta"), note = by("run");
let id = null, view = null, runs = [], asking = new AbortController(), soon = 0;

const words = new Words(place, (i) => {
  const at = i === null ? null : runs.findIndex((run) => run.first <= i && i < run.end);
  view?.light(at === null ? null : (names, number) => number === at);
  say(note, at === null ? "" : `“${runs[at].text}”: ${where(runs[at].box)}, similarity ${runs[at].similarity.toFixed(2)}.`);
});

/** Show nothing of a word any more. */
export const rest = () => words.keep(null);

/** Draw the boxes of what was aligned. */
export function mark() {
  view?.mark(runs.map((run) => ({ box: run.box, names: [run.text], colour: run.colour })));
}

/** Begin with another photo; a sentence that is there is aligned with it. */
export function begin(newId, shown) {
  [id, view, runs] = [newId, shown, []];
  place.hidden = by("together").hidden = true;
  beta.value = 0;
  rest();
  align();
}

/** Align what is typed; near: bring the words into view, where the screen is too low for photo and words. */
async function align(near = false) {
  const sentence = typed.value.trim();
  asking.abort();
  if (!sentence || !id || by("align").hidden) return;
  asking = new AbortController();
  const { signal } = asking;
  try {
    show(await ask(`/api/photos/${encodeURIComponent(id)}/align`, { sentence, beta: Number(beta.value) }, signal));
    if (near) note.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (signal.aborted) return;
    place.hidden = true;
    say(note, error.message, true);
  }
}

function show(row) {
  const colours = new Map();
  runs = row.runs.map((run) => {
    const key = run.box.join(), text = row.words.slice(run.first, run.end).map(({ word }) => word).join(" ");
    if (!colours.has(key)) colours.set(key, colours.size);
    return { ...run, text, colour: colours.get(key) };
  });
  place.replaceChildren(...runs.flatMap((run, i) => [i ? " " : "", spanOf(run, row.words)]));
  place.hidden = false;
  by("together").hidden = row.words.length < 2;
  beta.max = row.most;
  showBeta();
  rest();
  if (!by("panel-words").hidden) mark();
  const strange = row.words.filter((word) => !word.known).map(({ word }) => word);
  const missed = [["Not known to the model", strange], ["Too long, so not read", row.unread]];
  say(note, missed.filter(([, words]) => words.length).map(([why, words]) => `${why}: ${words.join(", ")}.`).join(" "));
}

function spanOf(run, all) {
  const buttons = all.slice(run.first, run.end).flatMap(({ word, known }, i) => [i ? " " : "", make("button", {
    type: "button", class: known ? "word" : "word unknown", "data-word": run.first + i, "aria-pressed": "false",
    "aria-label": `${word}: ${where(run.box)}${known ? "" : ", not known to the model"}`,
  }, word, known ? null : make("sup", {}, "?"))]);
  return make("span", { class: `run c${run.colour % 7}` }, ...buttons);
}

/** Where a box lies, for those who do not see it. */
function where([x0, y0, x1, y1]) {
  if (x0 <= 0 && y0 <= 0 && x1 >= 1 && y1 >= 1) return "the whole photo";
  const third = (low, high) => Math.min(2, Math.floor((low + high) * 1.5));
  const across = ["left", "middle", "right"][third(x0, x1)], down = ["top", "middle", "bottom"][third(y0, y1)];
  return across === down ? "in the middle" : down === "middle" ? `${across}, half way up` : `${down}, ${across}`;
}

const showBeta = () => { by("beta-shown").textContent = `beta ${Number(beta.value).toFixed(3)}`; };

beta.addEventListener("input", () => {
  showBeta();
  clearTimeout(soon);
  soon = setTimeout(() => align(), 60);
});
by("align").addEventListener("submit", (event) => { event.preventDefault(); align(true); });
