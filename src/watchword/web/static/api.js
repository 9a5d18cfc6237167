/** Requests to the interface of this server. Each may throw an Error whose message is meant for people. */

async function answered(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server does not answer. Is watchword serve still running in its terminal?");
  }
  let row = {};
  try {
    row = await response.json();
  } catch { /* said below */ }
  if (!response.ok) throw new Error(sentenceOf(row.error ?? `The server answered with status ${response.status}.`));
  return row;
}

const sentenceOf = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;

/** What can be done here. */
export const about = () => answered(fetch("/api/about"));

/** Ask a question in JSON; signal: to take it back. */
export const ask = (path, row = {}, signal = undefined) => answered(fetch(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(row), signal,
}));

/** Hand a photo in, a File; its id comes back. most: bytes that are taken. */
export async function give(file, most) {
  if (file.size > most) throw new Error(`This file has ${Math.ceil(file.size / 1e6)} MB; at most ${Math.floor(most / 1e6)} are taken. Save it smaller.`);
  const type = file.type.startsWith("image/") ? file.type : "application/octet-stream";
  return (await answered(fetch("/api/photos", { method: "POST", headers: { "Content-Type": type }, body: file }))).id;
}

/** Where a photo is shown from; size: "small" or "large". */
export const picture = (id, size) => `/api/photos/${encodeURIComponent(id)}/${size}.jpg`;
