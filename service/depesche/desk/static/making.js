// A new brief: files dropped on the form, and the stages as the service tells them.
const form = document.getElementById("making");
const course = document.getElementById("course");
const fault = document.getElementById("fault");
const says = document.getElementById("course-says");
const file = document.getElementById("file");
let controller = null;

const steps = () => [...course.querySelectorAll("[data-step]")];

function reach(name, ahead) {
  const all = steps();
  const now = all.findIndex((step) => step.dataset.step === name);
  for (const [index, step] of all.entries()) {
    step.className = index < now ? "done" : index === now ? "now" : "";
    if (index !== now) step.querySelector(".note").textContent = "";
  }
  const note = all[now]?.querySelector(".note");
  if (note && ahead !== null && ahead !== undefined) note.textContent = ahead ? `${ahead} before this one` : "next";
  says.textContent = all[now] ? `${all[now].querySelector(".what").textContent}${note.textContent ? `: ${note.textContent}` : ""} …` : "";
}

function paragraph(...parts) {
  const p = document.createElement("p");
  p.append(...parts);
  return p;
}

function strong(text) {
  const element = document.createElement("strong");
  element.textContent = text;
  return element;
}

function showFault({ title, code, place, detail, remedy }) {
  const box = document.createElement("div");
  box.className = "fault";
  box.setAttribute("role", "alert");
  const number = document.createElement("code");
  number.textContent = code;
  box.append(paragraph(strong(title), " ", number), paragraph(place ? `${place}: ` : "", detail));
  if (remedy) box.append(paragraph(strong("What to do:"), ` ${remedy}`));
  fault.replaceChildren(box);
}

function back() {
  controller = null;
  course.hidden = true;
  form.hidden = false;
}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const pieces = (rest + (value ?? "")).split("\n");
    rest = pieces.pop();
    for (const piece of pieces) if (piece) yield JSON.parse(piece);
    if (done) return;
  }
}

async function make() {
  controller = new AbortController();
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/x-ndjson" },
    signal: controller.signal,
  });
  if (!answer.headers.get("content-type")?.startsWith("application/x-ndjson")) {
    // An answer before the article was taken: show its page's message here.
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector(".fault");
    if (!said) throw new Error("no answer that this page knows");
    fault.replaceChildren(said);
    return false;
  }
  for await (const line of lines(answer.body)) {
    if (line.page) {
      for (const step of steps()) step.className = "done";
      says.textContent = "Done.";
      location.assign(line.page);
      return true;
    }
    if (line.fault) {
      showFault(line.fault);
      return false;
    }
    reach(line.step, line.ahead);
  }
  throw new Error("the answer ended early");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  fault.replaceChildren();
  form.hidden = true;
  course.hidden = false;
  reach(steps()[0].dataset.step);
  document.getElementById("course-title").focus();
  try {
    if (await make()) return;
  } catch (error) {
    if (error.name !== "AbortError") {
      showFault({
        title: "The service cannot be reached",
        code: "offline",
        detail: "The connection ended before there was a brief.",
        remedy: "see whether the service runs, and send the form again; your text is still here",
      });
    }
  }
  back();
  (fault.querySelector(".fault") ? document.getElementById("article") : form.querySelector("button.main")).focus();
});

document.getElementById("cancel").addEventListener("click", () => controller?.abort());

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
let depth = 0;
document.addEventListener("dragenter", (event) => {
  if (holdsFiles(event) && ++depth) form.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (holdsFiles(event) && --depth <= 0) form.classList.remove("dropping");
});
document.addEventListener("dragover", (event) => {
  if (holdsFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  depth = 0;
  form.classList.remove("dropping");
  file.files = event.dataTransfer.files;
});
