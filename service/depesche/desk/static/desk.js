// What every page of the desk has: shortcuts, help beside the page, copying. The pages work without it.
import { onKey, shortcutsAreOn, turnShortcuts } from "./shortcuts.js";
import { openSheet } from "./sheet.js";
import { say } from "./saying.js";

for (const element of document.querySelectorAll(".with-script")) element.hidden = false;

function wireHelp(root) {
  const box = root.querySelector("#shortcuts");
  if (!box) return;
  for (const element of root.querySelectorAll(".with-script")) element.hidden = false;
  box.checked = shortcutsAreOn();
  box.addEventListener("change", () => turnShortcuts(box.checked));
}

wireHelp(document);
const help = document.querySelector("[data-help]");
const showHelp = () => openSheet("/desk/help", "#help-card", "Help", wireHelp);
help?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("main #help-card")) return;
  event.preventDefault();
  showHelp();
});

const stops = () => [...document.querySelectorAll("main [data-stop]")];

function move(step) {
  const all = stops();
  if (!all.length) return;
  const part = document.activeElement.closest("[data-part]");
  const here = all.findIndex((stop) => stop === document.activeElement || (part && part.contains(stop)));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
  if (!next.matches("a")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

onKey("j", () => move(1));
onKey("k", () => move(-1));
onKey("n", () => document.querySelector("a[rel=next]")?.click());
onKey("p", () => document.querySelector("a[rel=prev]")?.click());
onKey("?", () => (document.querySelector("main #help-card") ? null : showHelp()));
onKey("/", () => {
  const search = document.querySelector("#text");
  if (search) search.select();
  else if (document.querySelector("nav a[href='/desk/briefs']")) location.assign("/desk/briefs#text");
});
if (location.hash === "#text") document.querySelector("#text")?.focus();

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value);
      say("Copied");
    } catch {
      // Without TLS there is no clipboard to write to; the text itself can be selected instead.
      source.hidden = false;
      source.select();
      say("Select and copy the text below the buttons");
    }
  });
}
