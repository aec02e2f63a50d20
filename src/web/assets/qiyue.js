// Small habits of the pages. Everything works without them; sentences come from data attributes of <body>.
(() => {
  "use strict";

  const words = document.body.dataset;
  const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  // Menus are <details>: one is open at a time, Escape and a click elsewhere close it.
  const openMenus = () => document.querySelectorAll("details.menu[open], details.sheet[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });

  // Ctrl/Cmd+K leads to the search from everywhere.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // A form is sent once, and says that it is on its way. Coming back with the Back button frees it again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    (event.submitter || form.querySelector("[type=submit]"))?.setAttribute("aria-busy", "true");
    if (form.matches("[hx-post], [hx-put], [hx-delete], [target], [data-download]")) setTimeout(() => free(form), 800);
  });
  const free = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

  // The first thing that is wrong has the focus.
  document.querySelector(".is-invalid, [data-problems]")?.focus();

  // Lists whose choice is the whole form: <select data-send> sends it at once.
  document.addEventListener("change", (event) => closest(event, "[data-send]")?.form?.requestSubmit());

  // Drafts: <form data-autosave="/address"> is kept a moment after the last keystroke, and the mark says when. The answer may hold
  // parts of the page that follow from what was typed: each [data-refresh] takes the place of the one with its id, and each
  // [data-error-of] is put below its field.
  const timers = new WeakMap();
  const keep = async (form) => {
    if (form.dataset.keeping) return void (form.dataset.again = "yes");
    const mark = document.querySelector("[data-saved-mark]");
    form.dataset.keeping = "yes";
    delete form.dataset.unsaved;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "hx-request": "true" },
        credentials: "same-origin",
      });
      if (answer.headers.get("content-type")?.startsWith("text/html")) refresh(form, await answer.text());
      // A session that ended leads to the login, which has kept nothing.
      if (!answer.ok || answer.headers.has("hx-redirect")) throw new Error(answer.status);
      if (mark) mark.textContent = words.saved;
    } catch {
      form.dataset.unsaved = "yes";
      if (mark) mark.textContent = words.notSaved;
    }
    delete form.dataset.keeping;
    if (form.dataset.again) {
      delete form.dataset.again;
      keep(form);
    }
  };
  const refresh = (form, html) => {
    const parts = new DOMParser().parseFromString(html, "text/html");
    parts.querySelectorAll("[data-refresh]").forEach((part) => {
      const old = document.getElementById(part.id);
      if (old && old.outerHTML !== part.outerHTML) old.replaceWith(document.importNode(part, true));
    });
    form.querySelectorAll("[data-error-of], .form-error").forEach((old) => old.remove());
    form.querySelectorAll(".is-invalid").forEach((field) => {
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
    });
    parts.querySelectorAll("[data-error-of]").forEach((error) => {
      const name = error.dataset.errorOf;
      const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
      const place = document.getElementById(`table-${name}`) || field?.closest(".form-grid > *");
      place?.append(document.importNode(error, true));
      field?.classList.add("is-invalid");
      field?.setAttribute("aria-invalid", "true");
    });
    marked(document.activeElement);
  };
  document.addEventListener("input", (event) => {
    const form = closest(event, "form[data-autosave]");
    if (!form) return;
    form.dataset.unsaved = "yes";
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), 800));
  });
  // A form that is sent whole, or left, is kept by that; nothing is kept twice over it.
  document.addEventListener("submit", (event) => {
    const form = closest(event, "form[data-autosave]");
    if (!form || event.submitter?.hasAttribute("formaction")) return;
    clearTimeout(timers.get(form));
    delete form.dataset.unsaved;
  });
  window.addEventListener("pagehide", () => {
    document.querySelectorAll("form[data-unsaved]").forEach((form) => {
      navigator.sendBeacon(form.dataset.autosave, new URLSearchParams(new FormData(form)));
    });
  });

  // A field that has the focus is marked in the document beside it: name="amount" marks data-field="amount", a cell of a table
  // marks its table, and name="clauses/scope" marks data-clause="scope".
  const places = (name) => {
    const all = (what, of) => document.querySelectorAll(`[data-${what}="${CSS.escape(of)}"]`);
    if (name.startsWith("clauses/")) return all("clause", name.slice("clauses/".length));
    const found = all("field", name);
    return found.length ? found : all("field", name.split(".")[0]);
  };
  const marked = (element) => {
    const field = element instanceof Element && element.closest("form[data-marks] [name]");
    if (!field) return;
    document.querySelectorAll(".is-marked").forEach((old) => old.classList.remove("is-marked"));
    places(field.name).forEach((place, index) => {
      place.classList.add("is-marked");
      if (index === 0) place.scrollIntoView({ block: "nearest" });
    });
  };
  document.addEventListener("focusin", (event) => marked(event.target));
  document.addEventListener("click", (event) => {
    const place = closest(event, "[data-field]");
    const name = place && CSS.escape(place.dataset.field);
    const field = place && document.querySelector(`form[data-marks] [name="${name}"], form[data-marks] [name^="${name}."]:not([type=hidden])`);
    if (!field) return;
    // On a phone the form stands behind the document.
    document.getElementById("view-form")?.click();
    field.focus();
  });

  // Notes about what was done go away by themselves; those that offer to undo stay as long as that is possible.
  document.querySelectorAll("[data-seconds]").forEach((note) => {
    setTimeout(() => note.remove(), Number(note.dataset.seconds) * 1000);
  });

  const note = (text) => {
    const place = document.querySelector(".toasts");
    if (!place || !text) return;
    const line = document.createElement("div");
    line.className = "toast-line is-bad";
    line.textContent = text;
    place.append(line);
    setTimeout(() => line.remove(), 6000);
  };
  document.addEventListener("htmx:sendError", () => note(words.offline));
  document.addEventListener("htmx:responseError", () => note(words.failed));

  // "All" in the head of a list.
  document.addEventListener("change", (event) => {
    const all = closest(event, "[data-all]");
    if (all) document.querySelectorAll(`input[name="${CSS.escape(all.dataset.all)}"]`).forEach((box) => (box.checked = all.checked));
  });

  document.addEventListener("click", async (event) => {
    const button = closest(event, "[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    note(words.copied);
  });
})();
