// Short messages to the person before the page; screen readers hear them too.
const says = document.getElementById("says");
let forget = 0;

export function say(text) {
  clearTimeout(forget);
  says.textContent = text;
  forget = setTimeout(() => (says.textContent = ""), 4000);
}
