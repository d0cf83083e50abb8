"use strict";
(function () {
  var table = document.getElementById("partners");
  if (!table) { return; }
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var texts = rows.map(function (row) { return row.textContent.toLocaleLowerCase(); });
  function make(tag, text) {
    var node = document.createElement(tag);
    if (text) { node.textContent = text; }
    return node;
  }
  var tools = make("div");
  tools.className = "tools";
  var label = make("label", "Find a partner ");
  var field = make("input");
  field.type = "search";
  label.appendChild(field);
  var failed = make("button", "Only what failed");
  failed.type = "button";
  failed.setAttribute("aria-pressed", "false");
  var state = make("span");
  state.setAttribute("role", "status");
  tools.append(label);
  if (body.querySelector(".bad")) { tools.append(failed); }
  tools.append(state);
  table.parentNode.parentNode.insertBefore(tools, table.parentNode);
  function show() {
    var wanted = field.value.trim().toLocaleLowerCase();
    var only = failed.getAttribute("aria-pressed") === "true";
    var found = 0;
    rows.forEach(function (row, rank) {
      var hit = (!wanted || texts[rank].indexOf(wanted) >= 0) && (!only || row.querySelector(".bad") !== null);
      found += hit ? 1 : 0;
      row.hidden = !hit;
    });
    state.textContent = wanted || only ? found + " of " + rows.length + " partners" : "";
  }
  var waiting = 0;
  field.addEventListener("input", function () { window.clearTimeout(waiting); waiting = window.setTimeout(show, 120); });
  failed.addEventListener("click", function () {
    failed.setAttribute("aria-pressed", String(failed.getAttribute("aria-pressed") !== "true"));
    show();
  });
  var order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var sorter = make("button", head.textContent);
    sorter.type = "button";
    head.textContent = "";
    head.appendChild(sorter);
    sorter.addEventListener("click", function () {
      var way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      var sorted = rows.map(function (row, rank) { return { row: row, rank: rank, key: row.cells[column].textContent }; });
      sorted.sort(function (one, two) { return way * order.compare(one.key, two.key) || one.rank - two.rank; });
      var all = document.createDocumentFragment();
      sorted.forEach(function (entry) { all.appendChild(entry.row); });
      body.appendChild(all);
    });
  });
})();
