// A mail written in HTML is shown in a frame of its own, in place of its text, as high as it is. Nothing runs in the frame;
// it is of our origin so that it can be measured here. What can't be shown leaves the text where it is.
(() => {
  const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";
  const HIGHEST = 12000; // pixels: beyond that it scrolls
  const heights = new Map(); // of frames drawn before: a thread that is drawn anew doesn't jump

  const bodyOf = (frame) => {
    try { return frame.contentDocument?.querySelector("body[data-mail]"); } catch { return null; }
  };
  const tell = (name) => document.dispatchEvent(new Event(name)); // inbox.js keeps the end of the thread in view
  const measure = (frame, body) => {
    const root = body.parentElement;
    const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
    const height = Math.min(Math.ceil(body.getBoundingClientRect().height) + bar, HIGHEST);
    if (!height || Math.abs(height - frame.offsetHeight) < 2) return;
    tell("mail:resize");
    root.classList.toggle("is-cut", height === HIGHEST);
    frame.style.blockSize = `${height}px`;
    heights.set(frame.dataset.key, height);
    tell("mail:resized");
  };
  const watch = (frame) => frame.addEventListener("load", () => {
    const body = bodyOf(frame);
    const place = frame.closest(".msg-html");
    if (!body) return place && frame.remove();
    place?.closest(".msg").classList.add("is-html");
    measure(frame, body);
    new frame.contentWindow.ResizeObserver(() => measure(frame, body)).observe(body);
    if (!place) return;
    const toggle = place.closest(".msg").querySelector("[data-as-text]");
    if (toggle) toggle.hidden = false;
    place.querySelector("[data-pictures]").hidden = body.dataset.pictures === "0";
    place.querySelector("[data-chosen]").hidden = !body.hasAttribute("data-chosen");
  });

  const draw = (place) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", SANDBOX);
    frame.referrerPolicy = "no-referrer";
    frame.title = place.dataset.title;
    frame.dataset.key = frame.src = place.dataset.frame;
    watch(frame);
    const known = heights.get(place.dataset.frame);
    if (known) {
      frame.style.blockSize = `${known}px`;
      place.closest(".msg").classList.add("is-html");
    }
    place.prepend(frame);
  };
  const near = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
    if (!isIntersecting) return;
    near.unobserve(target);
    draw(target);
  }), { rootMargin: "1200px" });
  const look = (root) => {
    root.querySelectorAll(".msg-html[data-frame]").forEach((place) => place.querySelector("iframe") || near.observe(place));
    root.querySelectorAll("iframe[data-measured]").forEach((frame) => {
      frame.removeAttribute("data-measured");
      watch(frame);
      if (bodyOf(frame)) frame.dispatchEvent(new Event("load"));
    });
  };
  look(document);
  document.addEventListener("htmx:load", ({ detail }) => look(detail.elt.parentElement || document));

  document.addEventListener("click", async ({ target }) => {
    const place = target.closest?.(".msg-html");
    const frame = place?.querySelector("iframe");
    if (target.closest?.("[data-as-text]")) target.closest(".msg").classList.toggle("is-text");
    else if (frame && target.closest("[data-show]")) frame.src = `${place.dataset.frame}?images=1`;
    else if (frame && target.closest("[data-choose]")) {
      const { url, choose } = target.closest("[data-choose]").dataset;
      const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
      await htmx.ajax("POST", url, { source: place, swap: "none", values: { show: choose, csrfmiddlewaretoken } });
      frame.src = place.dataset.frame;
    }
  });
})();
