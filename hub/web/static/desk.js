// Parts refresh themselves; never under somebody's hands, and never silently stale.
(() => {
  const stale = document.getElementById("stale");
  const held = document.getElementById("held");

  const inUse = (part) =>
    part.querySelector("details[open]") !== null ||
    part.querySelector("input:focus, textarea:focus, select:focus") !== null ||
    [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== "");

  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden || inUse(event.target)) event.preventDefault();
    held.hidden = ![...document.querySelectorAll("[hx-trigger]")].some(inUse);
  });
  document.addEventListener("htmx:after:request", (event) => {
    const answer = event.detail.ctx.response;
    if (answer.status === 401) window.location.reload();
    stale.hidden = answer.status === 200;
  });
  document.addEventListener("htmx:error", () => {
    stale.hidden = false;
  });
})();
