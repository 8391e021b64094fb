// Files chosen for a form with data-picked are listed before they are sent: more are added, moved up, or removed.
// upload.js sends them in this order; without scripts the form sends what was chosen last.
(() => {
  const button = (form, glyph, words, name, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn is-quiet is-round" });
    made.textContent = glyph;
    made.setAttribute("aria-label", `${words}: ${name}`);
    made.addEventListener("click", () => { act(); list(form); });
    return made;
  };
  const list = (form) => {
    const shown = form.querySelector("[data-picked]"), files = form.pickedFiles;
    shown.replaceChildren(...files.map((file, at) => {
      const item = document.createElement("li"), canvas = document.createElement("canvas");
      const words = document.createElement("span"), acts = document.createElement("span");
      const name = `${shown.dataset.page} ${at + 1}`;
      words.textContent = `${name} · ${file.name}`;
      acts.className = "line";
      if (at) acts.append(button(form, "↑", shown.dataset.earlier, name, () => files.splice(at - 1, 2, file, files[at - 1])));
      acts.append(button(form, "×", shown.dataset.remove, name, () => files.splice(at, 1)));
      item.append(canvas, words, acts);
      // What the browser can't show stands there by its name.
      createImageBitmap(file, { resizeWidth: 160 }).then((image) => {
        [canvas.width, canvas.height] = [image.width, image.height];
        canvas.getContext("2d").drawImage(image, 0, 0);
      }).catch(() => canvas.remove());
      return item;
    }));
    shown.hidden = !files.length;
  };
  document.addEventListener("change", (event) => {
    const { form, files } = event.target;
    if (event.target.type !== "file" || !form?.querySelector("[data-picked]")) return;
    form.pickedFiles = [...(form.pickedFiles ?? []), ...files];
    event.target.value = "";
    list(form);
  });
})();
