"use strict";
const main = document.querySelector("main"), [words, order] = [document.querySelector("input"), document.querySelector("select")];
const articles = [...document.querySelectorAll("article")];

/** Order the cards by one metric: its place among the scores, worst or best first. */
function sort() {
  const [metric, direction] = order.value.split(" ").map(Number);
  const score = (article) => direction * Number(article.dataset.scores.split(" ")[metric]);
  main.append(...articles.sort((a, b) => score(a) - score(b)));
}

/** Show the cards that hold all the words. */
function filter() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const article of articles) {
    article.text ??= article.textContent.toLowerCase();
    article.hidden = !wanted.every((word) => article.text.includes(word));
  }
}

order.addEventListener("change", sort);
words.addEventListener("input", filter);
