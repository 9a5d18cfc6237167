/** Hits as cards. */
import { make, percent, sentence } from "./dom.js";
import { View, together } from "./view.js";

const STALE = {
  changed: "Changed since it was indexed: this is said of what was there.",
  gone: "Gone since it was indexed, or it cannot be read.",
};

/** One hit, as `root` and `view`: the photo, with the box of each word, is a link to its page. alike: found with a photo. */
export function card(hit, alike) {
  const view = new View(hit.id, "small", hit.sentence ? sentence(hit.sentence) : hit.name);
  const some = hit.words.some((word) => word.content);
  const named = hit.words.map((word, i) => ({ ...word, i })).filter((word) => word.content || !some);
  view.mark(together(named.map(({ box, word }) => ({ box, name: word })))
    .map((mark) => ({ ...mark, colour: named.find(({ word }) => word === mark.names[0]).i })));
  const root = make("a", { class: "hit", href: `/photo?id=${encodeURIComponent(hit.id)}&name=${encodeURIComponent(hit.name)}` },
    view.root,
    make("div", { class: "told" },
      hit.sentence ? make("p", {}, sentence(hit.sentence)) : null,
      make("p", { class: "fit" }, ...fit(hit, alike)),
      hit.state === "same" ? null : make("p", {}, STALE[hit.state]),
      hit.labels.length ? make("ul", { class: "labels" }, ...hit.labels.map((label) => make("li", {}, label))) : null,
      make("p", { class: "file" }, [hit.name, hit.taken].filter(Boolean).join(" · "))));
  return { root, view };
}

function fit(hit, alike) {
  if (alike) return [`${percent(Math.max(0, hit.score))} alike`];
  if (hit.probability === null) return [`Score ${hit.score.toFixed(2)}`];
  return [make("meter", { value: hit.probability, "aria-hidden": "true" }), `${percent(hit.probability)} probable`];
}
