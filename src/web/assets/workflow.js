// Writing workflow files: line numbers, faults at the end of their lines while one types, and links that lead to a place in the text.
// Without it the faults stand in their list, and everything else is the same.
(() => {
  "use strict";

  const layer = (code, name) => {
    const part = document.createElement("div");
    part.className = name;
    part.setAttribute("aria-hidden", "true");
    code.append(part);
    return part;
  };

  // What is wrong in a text: the items of the lists that name its field.
  const faultsOf = (text) => {
    const found = new Map();
    document.querySelectorAll(`[data-field-of="${text.id}"]`).forEach((item) => {
      const line = Number(item.dataset.line);
      const said = item.querySelector("[data-said]")?.textContent || "";
      const known = found.get(line);
      if (line && (!known || known.tone !== "bad")) found.set(line, { tone: item.dataset.tone, said });
    });
    return found;
  };

  const drawn = (text, numbers, notes) => {
    const faults = faultsOf(text);
    const lines = text.value.split("\n");
    numbers.replaceChildren(...lines.map((_, index) => {
      const line = document.createElement("div");
      line.textContent = index + 1;
      const fault = faults.get(index + 1);
      if (fault) line.className = `is-${fault.tone}`;
      return line;
    }));
    notes.replaceChildren(...lines.map((said, index) => {
      const line = document.createElement("div");
      const fault = faults.get(index + 1);
      line.textContent = said || "\u200b";
      if (fault) {
        const note = document.createElement("em");
        note.textContent = fault.said;
        line.className = `is-${fault.tone}`;
        line.append(note);
      }
      return line;
    }));
  };

  document.querySelectorAll("[data-numbered]").forEach((code) => {
    const text = code.querySelector("textarea");
    const [notes, numbers] = [layer(code, "code-notes"), layer(code, "code-numbers")];
    code.classList.add("is-drawn");
    const follow = () => {
      numbers.scrollTop = text.scrollTop;
      notes.scrollTop = text.scrollTop;
      notes.scrollLeft = text.scrollLeft;
    };
    const draw = () => {
      drawn(text, numbers, notes);
      follow();
    };
    text.addEventListener("input", draw);
    text.addEventListener("scroll", follow);
    // The answer to a text that was kept brings another list.
    const elsewhere = (change) => !change.target.closest("[data-numbered]");
    const watch = new MutationObserver((changes) => changes.some(elsewhere) && draw());
    watch.observe(code.closest("form"), { childList: true, subtree: true });
    draw();
  });

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-jump]");
    const text = link && document.querySelector(link.getAttribute("href"));
    if (!text) return;
    event.preventDefault();
    const [line, column] = link.dataset.jump.split(":").map(Number);
    const lines = text.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const place = before + Array.from(lines[line - 1] || "").slice(0, column - 1).join("").length;
    text.focus();
    text.setSelectionRange(place, place);
    text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
  });
})();
