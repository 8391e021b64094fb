// Names colleagues in a note: behind an @ those who fit are offered, and what is chosen from the list goes into the
// text. Without this the list names one, and any name can be typed.
(() => {
  const MOST = 6;
  let box;

  const field = (target) => target.closest?.("textarea[data-names]");
  const listOf = (area) => document.getElementById(area.dataset.names);
  const names = (area) => [...listOf(area).options].map((one) => one.dataset.name).filter(Boolean);
  const typed = (area) => area.value.slice(0, area.selectionStart).match(/(?:^|[^\p{L}\p{N}])@([\p{L}\p{N} .'’-]{0,40})$/u)?.[1];

  const close = () => {
    box?.remove();
    box = undefined;
  };
  const put = (area, name) => {
    const part = typed(area) ?? "";
    const end = area.selectionStart;
    area.setRangeText(`${name} `, end - part.length, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
  };
  const offer = (area) => {
    const part = typed(area)?.toLowerCase();
    const found = part === undefined ? [] : names(area).filter((name) => name.toLowerCase().startsWith(part));
    close();
    if (!found.length) return;
    box = document.createElement("ul");
    box.className = "panel mention-list";
    box.id = "mention-list";
    box.setAttribute("role", "listbox");
    for (const [at, name] of found.slice(0, MOST).entries()) {
      const line = document.createElement("li");
      line.id = `mention-${at}`;
      line.className = "menu-line";
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(!at));
      line.textContent = name;
      line.addEventListener("mousedown", (event) => {
        event.preventDefault();
        put(area, name);
      });
      box.append(line);
    }
    area.after(box);
    area.setAttribute("aria-controls", box.id);
    area.setAttribute("aria-activedescendant", "mention-0");
  };

  document.addEventListener("input", ({ target }) => field(target) && offer(field(target)));
  document.addEventListener("focusout", ({ target }) => field(target) && close());
  document.addEventListener("keydown", (event) => {
    const area = box && field(event.target);
    if (!area) return;
    const lines = [...box.children];
    const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = (at + step + lines.length) % lines.length;
      lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === next)));
      area.setAttribute("aria-activedescendant", lines[next].id);
    } else if (event.key === "Enter" || event.key === "Tab") put(area, lines[at].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("change", ({ target }) => {
    const area = target.id && document.querySelector(`textarea[data-names="${target.id}"]`);
    const name = area && target.selectedOptions[0]?.dataset.name;
    if (!name) return;
    if (!area.value.includes(`@${name}`)) area.value = `${area.value.trimEnd()} @${name} `.trimStart();
    target.value = "";
    area.focus();
  });
})();
