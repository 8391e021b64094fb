// A store of objects in this browser's IndexedDB: deviceStore("outbox", "acts", { keyPath: "id", autoIncrement: true }).
// Pages load it before the scripts that keep something (outbox.js, field.js), and so does the service worker.
self.deviceStore = (database, name, key) => {
  let opened;
  const open = () => {
    opened ??= new Promise((done, fail) => {
      const asked = indexedDB.open(database, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(name, key);
      asked.onsuccess = () => {
        asked.result.onclose = () => { opened = undefined; }; // a phone closes it behind a page that sleeps
        done(asked.result);
      };
      asked.onerror = () => fail(asked.error);
    }).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  // Calls `use` with the store in a transaction; returns the result of the request it returns, once all is stored.
  async function run(mode, use) {
    const connection = await open();
    return new Promise((done, fail) => {
      const transaction = connection.transaction(name, mode);
      const asked = use(transaction.objectStore(name));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  }
  return {
    all: () => run("readonly", (rows) => rows.getAll()),
    put: (row) => run("readwrite", (rows) => rows.put(row)),
    erase: (id) => run("readwrite", (rows) => rows.delete(id)),
    // Changes one, unless it is gone; returns whether there is one.
    change: async (id, values) => Boolean(await run("readwrite", (rows) => {
      const asked = rows.get(id);
      asked.onsuccess = () => asked.result && rows.put({ ...asked.result, ...values });
      return asked;
    })),
    // Deletes one if it is as `may` says.
    eraseIf: (id, may) => run("readwrite", (rows) => {
      const asked = rows.get(id);
      asked.onsuccess = () => asked.result && may(asked.result) && rows.delete(id);
    }),
  };
};
