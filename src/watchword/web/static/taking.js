/** Photos handed in: chosen, dropped on the page, or pasted. */
import { by } from "./dom.js";

/** Call `take(file)` for each photo that is handed in. */
export function taking(take) {
  const file = by("file");
  by("choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    if (file.files[0]) take(file.files[0]);
    file.value = ""; // so that the same photo can be chosen again
  });
  let depth = 0;
  const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
  const inside = (change) => document.body.classList.toggle("dropping", (depth = Math.max(0, depth + change)) > 0);
  addEventListener("dragenter", (event) => holdsFile(event) && inside(1));
  addEventListener("dragleave", (event) => holdsFile(event) && inside(-1));
  addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    depth = 0;
    inside(0);
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (pasted) take(pasted);
  });
}
