// Files of a form are sent one by one, in pieces, with their progress; what broke off goes on where it was, also after
// the page was left. Without this script the same form sends them plainly.
(() => {
  const PIECE = 1_000_000; // bytes
  const WAITS = [1000, 3000, 9000, 20000, 40000]; // milliseconds before trying again
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const place = (form, file) => `upload ${form.action} ${file.name} ${file.size} ${file.lastModified}`;
  const kept = (key, url) => {
    try {
      if (url === undefined) return localStorage.getItem(key);
      if (url) localStorage.setItem(key, url);
      else localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing begins anew */ }
    return null;
  };
  const token = (form) => form.elements.csrfmiddlewaretoken.value;
  const ask = (form, url, options) =>
    fetch(url, { ...options, headers: { "X-CSRFToken": token(form), ...options.headers }, redirect: "error" });
  const refusal = async (answer) => {
    const words = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
    // A full disk may have room again: what has arrived stays, and it is tried again.
    return Object.assign(new Error(words || answer.statusText || String(answer.status)), { final: answer.status !== 507 });
  };

  const begin = async (form, file) => {
    const fields = new FormData(form);
    fields.delete("file");
    fields.set("name", file.name);
    fields.set("size", file.size);
    const answer = await ask(form, form.dataset.upload, { method: "POST", body: fields });
    if (answer.status !== 201) throw await refusal(answer);
    return answer.headers.get("Location");
  };
  // Where the server is; null where it has forgotten the upload.
  const offsetOf = async (form, url) => {
    const answer = await ask(form, url, { method: "HEAD" });
    return answer.ok ? Number(answer.headers.get("Upload-Offset")) : null;
  };
  const sendPieces = async (form, file, url, from, show) => {
    let at = from;
    while (at < file.size) {
      const answer = await ask(form, url, {
        method: "PATCH",
        headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": at },
        body: file.slice(at, at + PIECE),
      });
      if (answer.status !== 204 && answer.status !== 409) throw await refusal(answer);
      at = Number(answer.headers.get("Upload-Offset"));
      show(at / file.size);
    }
  };
  const send = async (form, file, show) => {
    const key = place(form, file);
    let url = kept(key), from = url ? await offsetOf(form, url) : null;
    if (from === null) {
      url = await begin(form, file);
      from = 0;
      kept(key, url);
    }
    await sendPieces(form, file, url, from, show);
    kept(key, "");
  };
  const sendAnyway = async (form, file, show) => {
    for (const wait of [...WAITS, 0]) {
      try {
        return await send(form, file, show);
      } catch (error) {
        if (error.final) kept(place(form, file), "");
        if (error.final || !wait) throw error;
        await sleep(wait);
      }
    }
  };

  const line = (list, file) => {
    const item = document.createElement("li"), name = document.createElement("span");
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    name.textContent = file.name;
    bar.setAttribute("aria-label", file.name);
    item.append(name, bar);
    list.append(item);
    return {
      show: (part) => { bar.value = part; },
      fail: (words) => {
        const said = document.createElement("span");
        said.className = "is-wrong";
        said.textContent = words;
        bar.replaceWith(said);
      },
    };
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const inputs = form.dataset?.upload ? [...form.querySelectorAll("input[type=file]")] : [];
    const files = form.pickedFiles ?? inputs.flatMap((input) => [...input.files]);
    if (!files.length) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const list = form.querySelector("[data-progress]"), button = form.querySelector("button:not([type=button])");
    list.replaceChildren();
    list.hidden = false;
    button.disabled = true;
    let failed = 0;
    for (const file of files) {
      const shown = line(list, file);
      await sendAnyway(form, file, shown.show).catch((error) => {
        failed += 1;
        shown.fail(error.message);
      });
    }
    delete form.dataset.sending;
    button.disabled = false;
    delete form.pickedFiles;
    form.querySelector("[data-picked]")?.setAttribute("hidden", "");
    if (!failed) location.assign(form.elements.next?.value || location.pathname);
    else inputs.forEach((input) => { input.value = ""; });
  });
})();
