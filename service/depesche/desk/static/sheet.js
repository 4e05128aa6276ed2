// A part of another page of the desk, opened beside this one. Where it cannot be had, the page itself is opened.
let sheet = null;

function makeSheet() {
  sheet = document.createElement("dialog");
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close], .shut")) {
      event.preventDefault();
      sheet.close();
    }
  });
  document.body.append(sheet);
}

export async function openSheet(address, selector, name, wire) {
  let part = null;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part = page.querySelector(selector);
  } catch {
    part = null;
  }
  if (!part) {
    location.assign(address);
    return;
  }
  if (!sheet) makeSheet();
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "quiet shut";
  shut.textContent = "Close";
  sheet.setAttribute("aria-label", name);
  sheet.replaceChildren(shut, part);
  wire?.(sheet);
  sheet.showModal();
  sheet.scrollTop = 0;
}
