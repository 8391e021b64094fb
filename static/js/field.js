// Photos from the field wait on the phone until there is a connection: each is kept in IndexedDB with a key of its own
// before it is sent, and deleted once the server has it. Sent again after a lost answer, it is the same photo.
(() => {
  const form = document.querySelector("#field-photos");
  if (!form || !window.indexedDB) return;
  const list = form.querySelector("#field-queue");
  const photos = deviceStore("field", "photos", { keyPath: "key" });
  let sending = false;
  const { member } = document.querySelector("form[data-member]").dataset;
  // The member's own of this work. The page of this device lists those of all works (device.js).
  const waiting = async () => (await photos.all()).filter((one) => one.to === form.action && one.member === member);

  const show = (key, name, words) => {
    let line = document.getElementById(`q-${key}`);
    if (!line) {
      line = document.createElement("li");
      line.id = `q-${key}`;
      list.append(line);
    }
    line.textContent = `${name}: ${words}`;
  };

  // Photos of before each had its member: who opens their page says whether to send them under this name.
  const showUnclaimed = async () => {
    const unclaimed = (await photos.all()).filter((one) => one.to === form.action && !one.member);
    for (const one of unclaimed) {
      show(one.key, one.name, form.dataset.unclaimed);
      const button = (words, act) => {
        const element = document.createElement("button");
        element.type = "button";
        element.className = "btn is-small";
        element.textContent = words;
        element.ariaLabel = `${words}: ${one.name}`;
        element.addEventListener("click", act);
        document.getElementById(`q-${one.key}`).append(" ", element);
      };
      button(form.dataset.claim, async () => {
        await photos.change(one.key, { member, page: location.pathname, made: Date.now() });
        show(one.key, one.name, form.dataset.waiting);
        sendAll();
      });
      button(form.dataset.erase, async () => {
        await photos.erase(one.key);
        document.getElementById(`q-${one.key}`).remove();
      });
    }
  };

  const send = async (one) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of one.fields) data.append(name, value);
    data.append("key", one.key);
    data.append("photos", one.file, one.name);
    const answer = await fetch(one.to, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) {
      await photos.erase(one.key);
      show(one.key, one.name, form.dataset.kept);
      return true;
    }
    if (answer.status === 422) {
      const { why } = await answer.json();
      await photos.erase(one.key);
      show(one.key, one.name, `${form.dataset.refused}: ${why}`);
      return true;
    }
    show(one.key, one.name, answer.type === "opaqueredirect" || answer.status === 403 ? form.dataset.signedOut : form.dataset.waiting);
    return false;
  };

  const sendAll = async () => {
    if (sending) return;
    sending = true;
    try {
      for (const one of await waiting()) if (!(await send(one))) break;
    } catch {
      for (const one of await waiting()) show(one.key, one.name, form.dataset.waiting);
    } finally {
      sending = false;
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const picked = form.querySelector("[name=photos]");
    const fields = [...new FormData(form)].filter(([name]) => name === "milestone" || name === "shown");
    for (const file of picked.files) {
      const where = { to: form.action, page: location.pathname, member };
      const one = { key: crypto.randomUUID(), ...where, name: file.name, file, fields, made: Date.now() };
      await photos.put(one);
      show(one.key, one.name, form.dataset.waiting);
    }
    picked.value = "";
    sendAll();
  });
  addEventListener("online", sendAll);
  showUnclaimed();
  sendAll();
})();
