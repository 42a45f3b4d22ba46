"use strict";
(() => {
  const form = document.getElementById("filter");
  const rank = ["informational", "low", "medium", "high", "critical"];
  const groups = Array.from(document.querySelectorAll(".g[data-verdict]"), (group) => ({
    group,
    count: group.querySelector(".n"),
    total: group.querySelector(".n").textContent,
    verdict: group.dataset.verdict,
    heading: group.firstElementChild.textContent.toLowerCase(),
    rows: Array.from(group.querySelectorAll(".f"), (row) => ({
      row,
      region: row.dataset.r,
      severity: rank.indexOf(row.dataset.s || group.dataset.s),
      service: row.dataset.v || group.dataset.v,
      text: null,
    })),
  }));

  function holds(one, heading, wanted) {
    if (one.severity < wanted.severity) return false;
    if (wanted.service && one.service !== wanted.service) return false;
    if (wanted.region && one.region !== wanted.region) return false;
    if (!wanted.text || heading.includes(wanted.text)) return true;
    one.text ??= one.row.textContent.toLowerCase();
    return one.text.includes(wanted.text);
  }

  function apply() {
    const wanted = {
      text: form.elements.text.value.trim().toLowerCase(),
      severity: rank.indexOf(form.elements.severity.value),
      service: form.elements.service.value,
      region: form.elements.region.value,
    };
    const narrowed = wanted.text || wanted.severity > 0 || wanted.service || wanted.region;
    let found = 0;
    for (const one of groups) {
      let shown = 0;
      for (const row of one.rows) {
        const keep = holds(row, one.heading, wanted);
        row.row.hidden = !keep;
        shown += keep;
      }
      one.group.hidden = shown === 0;
      one.count.textContent = shown === one.rows.length
        ? one.total : `${shown} of ${one.rows.length} ${one.verdict}`;
      found += shown;
    }
    form.elements.count.value = narrowed ? `${found} fit the filter.` : "";
  }

  function openAll(open) {
    for (const one of groups) one.group.open = open;
  }

  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS") one.open = true;
    }
    if (target) target.scrollIntoView();
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll(".g")) one.open = true;
  });
  form.hidden = false;
  openTarget();
})();
