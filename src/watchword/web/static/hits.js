/** A list of hits that arrows walk through: Tab enters it at one of them and leaves it again. */

/** Set up the list; leave: called when Escape is pressed in it. */
export function walked(list, leave) {
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll(".hit")], at = all.indexOf(document.activeElement);
    if (at < 0) return;
    if (event.key === "Escape") return leave();
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1,
      ArrowDown: below(all, at, 1), ArrowUp: below(all, at, -1) }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, next))].focus();
  });
  list.addEventListener("focusin", (event) => {
    if (event.target.classList.contains("hit")) enterAt(list, event.target);
  });
}

/** Let Tab enter the list at this hit. */
export function enterAt(list, hit) {
  list.querySelectorAll(".hit").forEach((other) => { other.tabIndex = other === hit ? 0 : -1; });
}

/** The number of the hit above or below: as many on as there are in a row. */
function below(all, at, direction) {
  const top = (hit) => hit.getBoundingClientRect().top;
  const row = all.findIndex((hit) => top(hit) > top(all[0]) + 1);
  const next = at + direction * (row < 0 ? all.length : row);
  return next < 0 || next >= all.length ? at : next;
}
