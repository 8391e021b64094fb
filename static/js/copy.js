// Buttons that copy the text of their box, the one that is shown if it has several. Without the clipboard (no script,
// or a page without https) they stay hidden, and the text is selected by hand.
(() => {
  if (!navigator.clipboard) return;
  const SHOWN = 2000; // ms for which a button says that it is done

  const show = () => document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
  show();
  document.addEventListener("htmx:load", show);

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const texts = [...button.closest(".codebox, .secret-once").querySelectorAll("pre, code")];
    const words = button.querySelector("span");
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(texts.find((text) => text.checkVisibility()).textContent);
    } catch {
      return;
    }
    if (before === button.dataset.copy) return;
    words.textContent = button.dataset.copy;
    setTimeout(() => (words.textContent = before), SHOWN);
  });
})();
