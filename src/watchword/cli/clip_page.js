/** The player of a clip, its time line and its sentences, joined. */
function join(article) {
  const video = article.querySelector("video"), line = article.querySelector(".line"), told = article.querySelector(".sure");
  const moments = [...article.querySelectorAll(".moment")].map((button) => (
    { button, start: +button.dataset.start, end: +button.dataset.end, text: button.querySelector("b").textContent }
  ));
  const length = Math.max(0.001, ...moments.map((moment) => moment.end));
  const captions = video.addTextTrack("captions", "Said by watchword", document.documentElement.lang);
  captions.mode = "hidden";
  let now = null;

  function play(moment) {
    video.currentTime = moment.start;
    video.play().catch(() => {}); // the browser may want a touch of the player first, or not know the format
  }

  function mark() {
    const here = moments.findLast((moment) => moment.start <= video.currentTime + 0.001) ?? null;
    if (here === now) return;
    for (const button of [now?.button, now?.bar]) button?.classList.remove("now");
    for (const button of [here?.button, here?.bar]) button?.classList.add("now");
    now = here;
    told.textContent = told.dataset.usual = here ? here.text : "";
    const list = here?.button.closest("ol");
    if (list && !list.contains(document.activeElement)) {
      list.scrollTop = here.button.offsetTop - list.offsetTop - list.clientHeight / 2 + here.button.offsetHeight / 2;
    }
  }

  for (const moment of moments) {
    moment.bar = document.createElement("button");
    moment.bar.type = "button";
    moment.bar.tabIndex = -1; // the sentences below it are for the keyboard
    moment.bar.title = moment.bar.ariaLabel = moment.text;
    moment.bar.style.left = `${(100 * moment.start) / length}%`;
    moment.bar.style.width = `${(100 * (moment.end - moment.start)) / length}%`;
    line.append(moment.bar);
    captions.addCue(new VTTCue(moment.start, moment.end, moment.text));
    for (const button of [moment.button, moment.bar]) button.addEventListener("click", () => play(moment));
  }
  article.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const place = moments.findIndex((moment) => moment.button === document.activeElement);
    if (!step || place < 0) return;
    event.preventDefault();
    moments[Math.min(moments.length - 1, Math.max(0, place + step))].button.focus();
  });
  video.addEventListener("loadedmetadata", () => { if (!video.currentTime) video.currentTime = 0.001; }); // show a picture
  for (const name of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(name, mark);
  video.addEventListener("error", () => {
    told.textContent = told.dataset.usual = "This browser cannot play the clip, or it lies elsewhere now; its sentences are here.";
  });
  mark();
}

document.querySelectorAll("article.clip").forEach(join);
