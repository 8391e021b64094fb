// In a menu (#menu) letters find a line by the beginning of one of its words, and arrows go from line to line.
(() => {
  const menu = document.getElementById("menu");
  if (!menu) return;
  const PAUSE = 1000; // milliseconds after which what is typed begins anew
  const lines = () => [...menu.querySelectorAll("button:not(:disabled), a[href]")].filter((line) => line.checkVisibility());
  let typed = "";
  let timer;

  const forget = () => { typed = ""; };
  const words = (line) => (line.querySelector(".trunc") || line).textContent.trim().toLowerCase();
  const begins = (line) => words(line).startsWith(typed) || words(line).split(/[\s/–-]+/).some((word) => word.startsWith(typed));
  const find = (key) => {
    clearTimeout(timer);
    timer = setTimeout(forget, PAUSE);
    const all = lines();
    const at = all.indexOf(document.activeElement);
    const isSame = typed === key; // the same letter again: the next line that begins with it
    typed = isSame ? key : typed + key;
    const from = typed.length > 1 ? at : at + 1;
    const ordered = [...all.slice(Math.max(from, 0)), ...all.slice(0, Math.max(from, 0))];
    (ordered.find((line) => words(line).startsWith(typed)) || ordered.find(begins))?.focus();
  };
  const step = (by) => {
    const all = lines();
    const at = all.indexOf(document.activeElement);
    all[(at + by + all.length) % all.length]?.focus();
  };

  menu.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input, select, textarea, [contenteditable]")) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) step(by);
    else if (event.key.length === 1 && (event.key !== " " || typed)) find(event.key.toLowerCase());
    else return;
    event.preventDefault();
  });
  menu.addEventListener("toggle", forget);
})();
