// A brief's page: whatever is pointed at or in focus lights up its counterparts, and a review opens beside the text.
import { onKey } from "./shortcuts.js";
import { openSheet } from "./sheet.js";

const facing = document.querySelector(".facing");
const english = document.querySelector(".english");
const words = (text) => (text ?? "").split(" ").filter(Boolean);
const marked = (key) => document.querySelectorAll(`[data-mark="${CSS.escape(key)}"]`);
let held = null; // what is in focus: it stays lit when the pointer leaves

function putOut() {
  for (const element of document.querySelectorAll(".lit, .lit-soft")) element.classList.remove("lit", "lit-soft");
}

// The element that says what to light: the mark itself, or the text that a control beside it belongs to.
function lamp(target) {
  if (!(target instanceof Element)) return null;
  return target.closest("[data-mark], [data-lights]") ?? target.closest("[data-part]")?.querySelector("[data-lights], [data-mark]") ?? null;
}

function light(element) {
  putOut();
  const key = element.dataset.mark;
  const isSentence = element.matches(".sentence");
  const sentences = new Set(words(element.dataset.lights));
  if (isSentence) sentences.add(key);
  else if (key) {
    for (const same of marked(key)) {
      same.classList.add("lit");
      for (const sentence of words(same.dataset.lights)) sentences.add(sentence);
    }
  }
  const around = element.closest(".sentence");
  if (around) sentences.add(around.dataset.mark);
  for (const sentence of sentences) for (const same of marked(sentence)) same.classList.add("lit-soft");
  if (isSentence) for (const claim of document.querySelectorAll(`.claim[data-lights~="${key}"]`)) claim.classList.add("lit-soft");
  if (element.matches(".claim")) element.classList.add("lit-soft");
}

// Bring what is lit in the pane with the originals into view; a page that scrolls as a whole is left where it is.
function showInFacing() {
  if (getComputedStyle(facing).overflowY !== "auto") return;
  const lit = facing.querySelector(".lit") ?? facing.querySelector(".lit-soft");
  if (!lit) return;
  const pane = facing.getBoundingClientRect();
  const place = lit.getBoundingClientRect();
  if (place.top > pane.top + 60 && place.bottom < pane.bottom - 20) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = facing.scrollTop + place.top - pane.top - pane.height / 3;
  facing.scrollTo({ top, behavior: still ? "auto" : "smooth" });
}

function showInEnglish() {
  if (getComputedStyle(facing).overflowY !== "auto") return;
  const lit = english.querySelector("tr.lit, .speech.lit") ?? english.querySelector(".lit, .lit-soft");
  lit?.scrollIntoView({ block: "nearest" });
}

let pointing = 0;
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const element = lamp(event.target);
  clearTimeout(pointing);
  // A moment's patience: the pointer only passes most of what it touches.
  pointing = setTimeout(() => {
    if (element) {
      light(element);
      if (english.contains(element)) showInFacing();
    } else if (held) light(held);
    else putOut();
  }, 60);
});

document.addEventListener("focusin", (event) => {
  held = lamp(event.target);
  if (!held) return;
  clearTimeout(pointing);
  light(held);
  if (english.contains(held)) showInFacing();
  else showInEnglish();
});
document.addEventListener("focusout", () => (held = null));

onKey("Escape", () => {
  held = null;
  putOut();
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
});

function openReview(link, verdict) {
  openSheet(link.href, "#review-card", "Review", (sheet) => {
    const choice = sheet.querySelector(verdict ? `[name=verdict][value=${verdict}]` : "[name=verdict]:checked");
    if (choice) choice.checked = true;
    const field = verdict === "correct" ? sheet.querySelector("#correction") : null;
    field?.setSelectionRange(field.value.length, field.value.length);
    (field ?? sheet.querySelector(verdict ? ".verdicts button" : "[name=verdict]"))?.setAttribute("autofocus", "");
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-review]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openReview(link);
});

for (const [key, verdict] of [["a", "accept"], ["c", "correct"], ["r", "reject"]]) {
  onKey(key, () => {
    const part = document.activeElement.closest("[data-part]");
    if (!part) return;
    const quick = verdict === "accept" ? part.querySelector("button.accept") : null;
    const link = part.querySelector("a[data-review]");
    if (quick) quick.click();
    else if (link) openReview(link, verdict);
  });
}
