/** What the model says of a photo: its words, how sure each is, and what each looked at. */
import { ask } from "./api.js";
import { by, make, percent, say, sentence } from "./dom.js";
import { Words } from "./words.js";

const place = by("said"), sure = by("sure"), labels = by("labels");
let view = null, told = null;

const words = new Words(place, (i) => {
  const word = i === null ? null : told.words[i];
  view?.hideMarks(Boolean(word));
  view?.shade(word?.looked ?? null, told?.rows, told?.columns);
  say(by("word"), word ? `“${word.word}”: ${percent(word.probability)} probable here${word.doubtful ? ", doubtful" : ""}.` : "");
});

/** Show nothing of a word any more. */
export const rest = () => words.keep(null);

/** Describe the photo `id`, shown in `shown`; still: whether it is still the photo that is asked for. */
export async function describe(id, shown, still) {
  [view, told] = [shown, null];
  place.replaceChildren();
  labels.replaceChildren();
  rest();
  say(sure, "The photo is being described …");
  try {
    const row = await ask(`/api/photos/${encodeURIComponent(id)}/describe`);
    if (still()) show(row);
  } catch (error) {
    if (still()) say(sure, error.message, true);
  }
}

function show(row) {
  told = row;
  view.image.alt = sentence(row.text);
  const said = row.words.map(button), last = said.pop();
  place.replaceChildren(...said.flatMap((word) => [word, " "]), last ? make("span", { class: "end" }, last, ".") : "The model has nothing to say.");
  const doubts = row.words.filter((word) => word.doubtful).map((word) => `${word.word} (${percent(word.probability)})`);
  const certain = row.confidence === null ? [] : [`${percent(row.confidence)} probable to be right throughout`];
  say(sure, sentence([...certain, ...(doubts.length ? [`doubtful: ${doubts.join(", ")}`] : [])].join("; ")));
  const likely = row.labels.filter((label) => label.probability >= 0.01);
  labels.replaceChildren(...likely.map((label) => make("li", {}, `${label.name} `, make("span", {}, percent(label.probability)))));
}

function button(word, i) {
  const shown = i ? word.word : word.word[0].toUpperCase() + word.word.slice(1);
  const made = make("button", {
    type: "button", class: word.doubtful ? "word doubtful" : "word", "data-word": i, "aria-pressed": "false",
    "aria-label": `${word.word}, ${percent(word.probability)} probable${word.doubtful ? ", doubtful" : ""}`,
  }, shown, word.doubtful ? make("sup", {}, "?") : null);
  made.style.setProperty("--sure", Math.round(word.probability * 100));
  return made;
}
