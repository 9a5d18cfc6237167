/** The page of one photo: its sentence, a sentence of one's own, its regions. */
import * as aligned from "./aligned.js";
import { about, ask, give } from "./api.js";
import { by, make, say, sentence } from "./dom.js";
import { enterAt, walked } from "./hits.js";
import * as regions from "./regions.js";
import * as said from "./said.js";
import { taking } from "./taking.js";
import { View } from "./view.js";

const status = by("status"), look = by("look"), TABS = ["words", "regions"];
let here = { most_bytes: Infinity, missing: {} };
let opened = null; // the id of the photo that is shown

/** Show a photo, and what is said of it. */
function open(id, name) {
  opened = id;
  const view = new View(id, "large", name), still = () => opened === id;
  by("figure").replaceChildren(view.root, make("figcaption", { title: name }, name));
  look.hidden = false;
  by("like").href = `/?${new URLSearchParams({ like: id })}`;
  by("alike").hidden = "search" in here.missing;
  say(status, "");
  regions.begin(id, view);
  select("words");
  said.describe(id, view, still);
  aligned.begin(id, view);
}

/** Show a tab: "words" or "regions". */
function select(name) {
  for (const other of TABS) {
    by(`panel-${other}`).hidden = other !== name;
    by(`tab-${other}`).setAttribute("aria-selected", String(other === name));
    by(`tab-${other}`).tabIndex = other === name ? 0 : -1;
  }
  said.rest();
  aligned.rest();
  const mine = opened;
  if (name === "regions") regions.show(() => opened === mine); else aligned.mark();
}

async function take(file) {
  say(status, "The photo is being looked at …");
  try {
    const id = await give(file, here.most_bytes);
    history.replaceState(null, "", "/photo");
    open(id, file.name || "The photo that was pasted");
  } catch (error) {
    say(status, `${file.name || "The photo"}: ${error.message}`, true);
  }
}

/** Find photos in the index to choose from. */
async function find(event) {
  event.preventDefault();
  const text = by("text").value.trim(), list = by("hits");
  if (!text) return;
  try {
    const { hits } = await ask("/api/search", { text, least: 0, limit: 12 });
    list.replaceChildren(...hits.map((hit) => make("li", {}, choice(hit))));
    say(status, hits.length ? "" : "No photo was found.");
    if (hits.length) enterAt(list, list.querySelector(".hit"));
  } catch (error) {
    say(status, error.message, true);
  }
}

function choice(hit) {
  const small = new View(hit.id, "small", hit.sentence ? sentence(hit.sentence) : hit.name);
  const button = make("button", { type: "button", class: "hit", title: hit.name }, small.root);
  button.addEventListener("click", () => {
    by("pick").open = false;
    history.replaceState(null, "", `/photo?${new URLSearchParams({ id: hit.id, name: hit.name })}`);
    open(hit.id, hit.name);
    by("tab-words").focus();
  });
  return button;
}

for (const name of TABS) {
  by(`tab-${name}`).addEventListener("click", () => select(name));
  by(`tab-${name}`).addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = TABS.find((one) => one !== name);
    select(other);
    by(`tab-${other}`).focus();
  });
}
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const { rest } of [said, aligned]) rest();
  regions.light(null);
});
by("form").addEventListener("submit", find);
walked(by("hits"), () => by("text").focus());
taking(take);

try {
  here = await about();
  by("pick").hidden = "search" in here.missing;
  if (here.missing.align) {
    say(by("align-hint"), here.missing.align, true);
    by("align").hidden = true;
  }
  const asked = new URLSearchParams(location.search);
  if (asked.get("id")) open(asked.get("id"), asked.get("name") ?? "A photo of the index");
} catch (error) {
  say(status, error.message, true);
}
