// Passkeys: a form marked data-passkey="add", "use" or "sign-in" asks the browser's authenticator and sends its answer.
// What to ask stands in the page (#passkey-options), at sign-in it is fetched. Without this the other ways remain.
(() => {
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const withBytes = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const answer = (credential, response) => ({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  });

  async function create({ publicKey }, alone) {
    const selection = { ...publicKey.authenticatorSelection };
    selection.residentKey = alone ? "required" : "discouraged";
    selection.requireResidentKey = alone;
    if (alone) selection.userVerification = "required";
    const made = await navigator.credentials.create({ publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: selection,
    } });
    return answer(made, {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }

  async function use({ publicKey }) {
    const given = await navigator.credentials.get({ publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    } });
    return answer(given, {
      clientDataJSON: toText(given.response.clientDataJSON),
      authenticatorData: toText(given.response.authenticatorData),
      signature: toText(given.response.signature),
      userHandle: given.response.userHandle && toText(given.response.userHandle),
    });
  }

  async function options(form) {
    if (form.dataset.passkey !== "sign-in") {
      const asked = JSON.parse(document.getElementById("passkey-options").textContent);
      return asked.creation_options || asked.request_options;
    }
    const reply = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(String(reply.status));
    return (await reply.json()).request_options;
  }

  async function ask(form) {
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    try {
      const asked = await options(form);
      const alone = form.elements.passwordless && form.elements.passwordless.checked;
      const given = form.dataset.passkey === "add" ? await create(asked, Boolean(alone)) : await use(asked);
      form.elements.credential.value = JSON.stringify(given);
      form.submit();
    } catch (error) {
      problem.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.refused;
      problem.hidden = false;
    }
  }

  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.querySelector("[data-ask]").addEventListener("click", () => form.reportValidity() && ask(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  });
})();
