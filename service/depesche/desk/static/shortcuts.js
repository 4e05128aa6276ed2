// Single-key shortcuts: never while somebody types or a dialog is open, and they can be turned off (WCAG 2.1.4).
const KEPT = "depesche-shortcuts";
const actions = new Map();

export const onKey = (key, action) => actions.set(key, action);

export function shortcutsAreOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

export function turnShortcuts(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // nothing is kept, and the shortcuts stay as they are
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const action = actions.get(event.key);
  if (!action || (event.key !== "Escape" && !shortcutsAreOn())) return;
  event.preventDefault();
  action(event);
});
