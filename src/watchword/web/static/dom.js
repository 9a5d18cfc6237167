/** Elements made without HTML: what comes from outside is only ever text. */

/** The element with this id. */
export const by = (id) => document.getElementById(id);

/** An element with properties (attributes where there is a dash; "class" too) and children, texts or elements. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") element.className = value;
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An element of SVG with attributes. */
export function draw(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** A share from 0 to 1 as people write it. */
export const percent = (share) => `${Math.round(share * 100)} %`;

/** Words as a sentence for people: a capital first and a full stop last. */
export const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "");

/** Say something in a place that is read out; a problem is marked as one. */
export function say(place, text, problem = false) {
  place.textContent = text;
  place.classList.toggle("problem", problem);
}
