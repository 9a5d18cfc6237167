/** The page that searches: by a sentence, or with a photo. */
import { about, ask, give, picture } from "./api.js";
import { card } from "./cards.js";
import { by, make, percent, say } from "./dom.js";
import { enterAt, walked } from "./hits.js";
import { taking } from "./taking.js";
import { Words } from "./words.js";

const [form, text, status, list, line, anyway] = ["form", "text", "status", "hits", "words", "anyway"].map(by);
const FILTERS = ["folder", "since", "until", "label", "way"];
let here = { most_bytes: Infinity, missing: {} };
let views = [];
let photo = null; // the id of the photo that is searched with
let asking = new AbortController();
const words = new Words(line, light);

/** What is asked for, as the interface takes it. */
function question() {
  const [folder, since, until, label, way] = FILTERS.map((name) => by(name).value.trim());
  const labels = label.split(",").map((one) => one.trim()).filter(Boolean);
  const asked = photo ? { photo } : { text: text.value.trim(), by: way || "regions" };
  return { ...asked, folder, since, until, labels };
}

/** Search, and show what was found; least: 0 shows what hardly fits, too. */
async function search(least = undefined) {
  const asked = question(), before = least === undefined ? 0 : views.length;
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  if (!asked.text && !asked.photo) return clear("");
  say(status, "Searching …");
  list.setAttribute("aria-busy", "true");
  try {
    const found = await ask("/api/search", least === undefined ? asked : { ...asked, least }, signal);
    show({ ...found, anyway: least !== undefined, before });
  } catch (error) {
    if (!signal.aborted) clear(error.message, true);
  } finally {
    if (!signal.aborted) list.removeAttribute("aria-busy");
  }
}

/** Show nothing but a text. */
function clear(message, problem = false) {
  list.replaceChildren();
  line.hidden = anyway.hidden = true;
  views = [];
  say(status, message, problem);
}

/** Show hits, or that there are none. */
function show(found) {
  clear(counted(found));
  const { hits, kept_back } = found;
  anyway.hidden = kept_back === 0;
  if (hits.length === 0) return;
  showWords(hits.find((hit) => hit.words.length)?.words ?? []);
  const cards = hits.map((hit) => card(hit, photo !== null));
  views = cards.map(({ view }) => view);
  list.replaceChildren(...cards.map(({ root }) => make("li", {}, root)));
  enterAt(list, list.querySelector(".hit"));
}

const REFUSED = {
  unlikely: (best) => (best === null ? "" : `: the best photo has a probability of ${percent(best)}`),
  unknown: () => ", for too little of this is known",
  empty: () => ": no word of this says what a photo shows",
};

function counted({ hits: { length: count }, best, anyway, before, kept_back, refused, unknown, unread }) {
  const missed = [["The model does not know", unknown], ["It is too long; these words were not read:", unread]];
  const strange = missed.filter(([, words]) => words.length).map(([why, words]) => ` ${why} ${words.map((word) => `“${word}”`).join(", ")}.`).join("");
  if (count === 0 && kept_back > 0) return `Nothing fits${REFUSED[refused](best)}.${strange}`;
  if (count === 0 && here.photos === 0) return "The index holds no photo yet; add some with: watchword index FOLDER.";
  if (count === 0 && photo) return "No other photo is left to search.";
  if (count === 0 && by("way").value === "sentences") return "No photo that may be searched has a sentence with these words.";
  if (count === 0) return "No photo is left to search: none lies in that folder, was taken then, or has that label.";
  const shown = count === 1 ? "One photo" : `${count} photos`;
  if (photo) return `${shown}, those most alike first.`;
  const though = !anyway ? "" : before ? ", some of which hardly fit" : ", though it hardly fits";
  return `${shown}, the best first${though}.${strange}`;
}

/** The words of the search: those that say what is in a photo are buttons, which light their boxes. */
function showWords(asked) {
  const some = asked.some((word) => word.content);
  line.hidden = asked.length === 0;
  line.replaceChildren(...asked.flatMap(({ word, content }, i) => [
    i ? " " : "",
    content || !some
      ? make("button", { type: "button", class: `word c${i % 7}`, "data-word": i, "aria-pressed": "false" }, word)
      : word,
  ]));
  words.keep(null);
}

/** Light the boxes of a word of the search in every hit. */
function light(i) {
  const word = i === null ? null : line.querySelector(`[data-word="${i}"]`)?.textContent;
  views.forEach((view) => view.light(word ? (names) => names.includes(word) : null, i));
}

/** Search with a photo from now on, or with none: id, and what to call it. */
function searchWith(id, name) {
  photo = id;
  const place = by("with");
  place.hidden = id === null;
  place.replaceChildren();
  if (id === null) return;
  const away = make("button", { type: "button", class: "plain" }, "Take it away");
  away.addEventListener("click", () => { searchWith(null); remember(); clear(""); text.focus(); });
  place.append(make("img", { src: picture(id, "small"), alt: "" }), make("span", {}, `Photos like ${name}. `, away));
}

async function take(file) {
  if (here.missing.search) return;
  say(status, "The photo is being looked at …");
  try {
    searchWith(await give(file, here.most_bytes), file.name || "this photo");
  } catch (error) {
    return clear(error.message, true);
  }
  text.value = "";
  remember();
  search();
}

/** Put what is asked for into the address, for Back and reload; for bookmarks, too, but of photos: the server names them. */
function remember() {
  const asked = new URLSearchParams(photo ? { like: photo } : { q: text.value.trim() });
  for (const name of FILTERS) if (by(name).value) asked.set(name, by(name).value);
  if (`?${asked}` !== location.search) history.pushState(null, "", `?${asked}`);
}

function recall() {
  const asked = new URLSearchParams(location.search);
  text.value = asked.get("q") ?? "";
  for (const name of FILTERS) by(name).value = asked.get(name) ?? "";
  by("some").open = FILTERS.some((name) => by(name).value);
  searchWith(asked.get("like"), "this one");
  if (text.value || photo) search(); else clear("");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim()) searchWith(null);
  remember();
  search();
});
anyway.addEventListener("click", async () => {
  await search(0);
  list.querySelector(".hit")?.focus();
});
text.addEventListener("keydown", (event) => {
  const first = list.querySelector(".hit[tabindex='0']");
  if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
});
addEventListener("keydown", (event) => event.key === "Escape" && words.keep(null));
addEventListener("popstate", recall);
walked(list, () => (words.kept ? words.keep(null) : text.focus()));
taking(take);

try {
  here = await about();
  if (here.missing.search) {
    form.querySelectorAll("input, button, select").forEach((field) => { field.disabled = true; });
    clear(here.missing.search, true);
  } else {
    if (matchMedia("(hover: hover)").matches) text.focus();
    if (location.search || !text.value) recall(); // what was typed meanwhile stays
  }
} catch (error) {
  clear(error.message, true);
}
