// A photo opens over the page, large; the arrow keys, a swipe and two buttons lead to the next of its place, Esc closes.
// Without scripts, and for a new tab, its link leads to the file.
(() => {
  const viewer = document.getElementById("viewer");
  if (!viewer) return;
  const PLACES = "#thread-log, .side-files, .documents, #main";
  const SWIPE = 50; // pixels
  const part = (name) => viewer.querySelector(`[data-${name}]`);
  const image = viewer.querySelector("img");
  let photos = [], at = 0, from = null;

  const show = (to) => {
    at = Math.min(Math.max(to, 0), photos.length - 1);
    const { photo, name, file } = photos[at].dataset;
    part("gone").hidden = true;
    image.hidden = false;
    image.src = photo;
    image.alt = part("name").textContent = name;
    part("place").textContent = photos.length > 1 ? `${at + 1} / ${photos.length}` : "";
    part("download").href = file || photos[at].href;
    part("details").hidden = !file;
    part("details").href = photos[at].href;
    viewer.querySelectorAll("[data-step]").forEach((button) => {
      button.hidden = photos.length < 2;
      button.disabled = !photos[at + Number(button.dataset.step)];
    });
    const next = photos[at + 1];
    if (next) new Image().src = next.dataset.photo;
  };
  image.addEventListener("error", () => {
    image.hidden = true;
    part("gone").hidden = false;
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-photo]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    photos = [...link.closest(PLACES).querySelectorAll("a[data-photo]")];
    link.focus(); // it has the focus again once the viewer closes
    show(photos.indexOf(link));
    viewer.showModal();
  });
  viewer.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]");
    if (step) show(at + Number(step.dataset.step));
    else if (target.closest("[data-close]") || target === viewer || target.matches(".viewer-photo")) viewer.close();
  });
  viewer.addEventListener("keydown", (event) => {
    const rtl = document.dir === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: photos.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show(to);
  });
  viewer.addEventListener("touchstart", ({ touches }) => { from = touches.length === 1 ? touches[0].clientX : null; }, { passive: true });
  viewer.addEventListener("touchend", ({ changedTouches }) => {
    const way = from === null ? 0 : changedTouches[0].clientX - from;
    if (Math.abs(way) > SWIPE) show(at + (way < 0 ? 1 : -1));
  });
  viewer.addEventListener("close", () => image.removeAttribute("src"));
})();
