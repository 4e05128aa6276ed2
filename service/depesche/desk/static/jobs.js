// Jobs: a new one of many files, and a job's page that follows its progress.
const live = document.getElementById("job-live");
const status = document.getElementById("job-status");
let due = 0;
let last = 0;

async function refresh() {
  due = 0;
  last = Date.now();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("job-live");
  if (fresh && !fresh.dataset.events) {
    location.reload();
    return;
  }
  // What somebody has the focus in is not pulled away from under them.
  if (fresh && !live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
  else if (fresh) live.querySelector("#job-says").replaceWith(fresh.querySelector("#job-says"));
}

function refreshSoon() {
  due ||= setTimeout(refresh, Math.max(0, 1000 - (Date.now() - last)));
}

if (live?.dataset.events) {
  const events = new EventSource(live.dataset.events);
  events.addEventListener("article", refreshSoon);
  events.addEventListener("progress", refreshSoon);
  events.addEventListener("error", () => {
    // Refused, as when too many listen: look now and then instead.
    if (events.readyState === EventSource.CLOSED) setInterval(refreshSoon, 5000);
  });
  events.addEventListener("end", () => {
    events.close();
    status.textContent = "The job has ended.";
    location.reload();
  });
}

const form = document.getElementById("job-form");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const fault = document.getElementById("job-fault");
  const label = form.querySelector("#label").value.trim();
  button.disabled = true;
  fault.replaceChildren();
  const said = { title: "The service cannot be reached", detail: "", remedy: "send the form again" };
  try {
    const address = form.action + (label ? `?label=${encodeURIComponent(label)}` : "");
    const answer = await fetch(address, { method: "POST", body: new FormData(form) });
    const body = await answer.json();
    if (answer.ok) {
      location.assign(`/desk/jobs/${encodeURIComponent(body.id)}`);
      return;
    }
    Object.assign(said, body);
  } catch {
    // what is said already is what there is to say
  }
  button.disabled = false;
  const box = document.createElement("div");
  box.className = "fault";
  box.setAttribute("role", "alert");
  box.textContent = [said.code, said.title, said.detail, said.remedy].filter(Boolean).join(" · ");
  fault.replaceChildren(box);
});
