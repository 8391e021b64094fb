// Rows of a form that are added and removed: a list with [data-rows], its most, and a blank row at the end, which is
// copied. Without scripts the blank row itself adds one, and an emptied row is left out.
(() => {
  const number = (list) =>
    [...list.children].forEach((row, at) => {
      for (const field of row.querySelectorAll("[aria-label]"))
        field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, at + 1));
    });

  const add = (button) => {
    const list = button.closest("fieldset, form").querySelector("[data-rows]");
    const blank = list.querySelector("[data-blank]");
    if (!blank || list.children.length > list.dataset.rows) return;
    const row = blank.cloneNode(true);
    row.removeAttribute("data-blank");
    list.insertBefore(row, blank);
    number(list);
    row.querySelector("input").focus();
  };

  const remove = (row) => {
    const list = row.parentElement;
    const button = list.closest("fieldset, form").querySelector("[data-add-row]");
    row.remove();
    number(list);
    button.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row], [data-remove-row]");
    if (button?.matches("[data-add-row]")) add(button);
    else if (button) remove(button.closest("li"));
  });
})();
