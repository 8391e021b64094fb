// A variable that is chosen in the editor of templates goes to where the cursor was last; without a script it is typed.
(() => {
  const form = document.querySelector("#template");
  if (!form) return;
  const isText = (field) => field.matches("textarea, input.code");
  let last = form.querySelector("[data-first]");
  form.addEventListener("focusin", ({ target }) => {
    if (isText(target)) last = target;
  });
  form.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-insert]")?.dataset.insert;
    if (!name || !last) return;
    last.focus();
    last.setRangeText(`{{ ${name} }}`, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
