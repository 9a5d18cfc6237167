/** Words that show something while they are pointed at or have the focus, and go on when clicked or tapped. */

export class Words {
  /**
   * place: the element that the words are in, each a button of the class "word" with a number in data-word.
   * show: called with the number of the word to show, or null for none.
   */
  constructor(place, show) {
    this.place = place;
    this.show = show;
    this.kept = null;
    const at = (event) => event.target.closest?.(".word");
    for (const name of ["pointerover", "focusin"]) place.addEventListener(name, (event) => at(event) && this.on(at(event)));
    for (const name of ["pointerout", "focusout"]) place.addEventListener(name, (event) => at(event) && this.on(this.kept));
    place.addEventListener("click", (event) => at(event) && this.keep(at(event) === this.kept ? null : at(event)));
    place.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show a word, or none. */
  on(word) {
    this.place.querySelectorAll(".word.on").forEach((other) => other.classList.remove("on"));
    word?.classList.add("on");
    this.show(word ? Number(word.dataset.word) : null);
  }

  /** Go on showing a word, until another is kept, or none. */
  keep(word) {
    this.kept?.setAttribute("aria-pressed", "false");
    this.kept = word;
    word?.setAttribute("aria-pressed", "true");
    this.on(word);
  }

  /** Arrows go from word to word. */
  key(event) {
    const words = [...this.place.querySelectorAll(".word")], at = words.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    words[Math.min(words.length - 1, Math.max(0, at + step))].focus();
  }
}
