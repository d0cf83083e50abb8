"use strict";
(function () {
  var OPEN = 10;
  function make(tag, text) {
    var node = document.createElement(tag);
    if (text) { node.textContent = text; }
    return node;
  }
  function value(row, column) {
    var cell = row.cells[column];
    var number = cell.getAttribute("data-v");
    if (number !== null) { return Number(number); }
    return cell.classList.contains("unknown") ? null : cell.textContent;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return String(a).localeCompare(String(b), undefined, { numeric: true });
  }
  function enhance(box) {
    var table = box.querySelector("table");
    var rest = box.querySelector("details.rest");
    if (!table || !rest) { return; }
    var body = table.tBodies[0];
    Array.prototype.slice.call(rest.querySelectorAll("tbody tr")).forEach(function (row) { body.appendChild(row); });
    rest.remove();
    var rows = Array.prototype.slice.call(body.rows);
    var all = false;
    var tools = make("div");
    tools.className = "tools";
    var label = make("label", "Find ");
    var field = make("input");
    field.type = "search";
    label.appendChild(field);
    var button = make("button");
    button.type = "button";
    var state = make("span");
    state.setAttribute("role", "status");
    tools.append(label, button, state);
    box.insertBefore(tools, box.firstChild);
    function show() {
      var wanted = field.value.trim().toLocaleLowerCase();
      var found = 0;
      Array.prototype.forEach.call(body.rows, function (row) {
        var hit = !wanted || row.textContent.toLocaleLowerCase().indexOf(wanted) >= 0;
        if (hit) { found += 1; }
        row.hidden = !hit || (!all && found > OPEN);
      });
      button.textContent = all ? "Show the first " + OPEN : "Show all " + rows.length + " rows";
      state.textContent = wanted ? found + " of " + rows.length + " rows match" : "";
    }
    field.addEventListener("input", show);
    button.addEventListener("click", function () { all = !all; show(); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      var sorter = make("button", head.textContent);
      sorter.type = "button";
      head.textContent = "";
      head.appendChild(sorter);
      sorter.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") !== "descending";
        if (!head.classList.contains("num")) { down = head.getAttribute("aria-sort") === "ascending"; }
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (one, two) {
          var a = value(one, column);
          var b = value(two, column);
          if (a === null || b === null) { return (a === null) - (b === null); }
          return down ? compare(b, a) : compare(a, b);
        });
        rows.forEach(function (row) { body.appendChild(row); });
        show();
      });
    });
    show();
  }
  document.querySelectorAll(".table.long").forEach(enhance);
})();
