// Photos from the field wait on the phone until there is a connection: each is kept in IndexedDB with a key of its own
// before it is sent, and forgotten once the server has it. Sent again after a lost answer, it is the same photo.
(() => {
  const form = document.querySelector("#field-photos");
  if (!form || !window.indexedDB) return;
  const list = form.querySelector("#field-queue");
  const STORE = "photos";
  let sending = false;

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("field", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const inStore = async (mode, act) => {
    const db = await opened;
    return new Promise((resolve, reject) => {
      const asked = act(db.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  };
  const waiting = async () => (await inStore("readonly", (store) => store.getAll())).filter((one) => one.to === form.action);

  const show = (key, name, words) => {
    let line = document.getElementById(`q-${key}`);
    if (!line) {
      line = document.createElement("li");
      line.id = `q-${key}`;
      list.append(line);
    }
    line.textContent = `${name}: ${words}`;
  };

  const send = async (one) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of one.fields) data.append(name, value);
    data.append("key", one.key);
    data.append("photos", one.file, one.name);
    const answer = await fetch(one.to, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.ok) {
      await inStore("readwrite", (store) => store.delete(one.key));
      show(one.key, one.name, form.dataset.kept);
      return true;
    }
    if (answer.status === 422) {
      const { why } = await answer.json();
      await inStore("readwrite", (store) => store.delete(one.key));
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
      const one = { key: crypto.randomUUID(), to: form.action, name: file.name, file, fields };
      await inStore("readwrite", (store) => store.put(one));
      show(one.key, one.name, form.dataset.waiting);
    }
    picked.value = "";
    sendAll();
  });
  addEventListener("online", sendAll);
  sendAll();
})();
