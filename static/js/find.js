// ⌘K or Ctrl K jumps to the search box. No single-letter key: it could not be switched off (WCAG 2.1.4).
(() => {
  const field = document.querySelector("#find");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.key !== "k") return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
