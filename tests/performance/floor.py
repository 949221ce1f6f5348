"""The floor: a page without any framework that does what the scenario page does when a slider moves.

One HTML file, `fetch`, an SVG mark moved by hand; behind it a bare ASGI function that saves the answer as safely (one statement
into SQLite, on disk before it is acknowledged), runs the same `advise()` and answers with the same words. No session, no access
rule, no history, no template, no ORM. `python -m tests.performance.floor PORT DATABASE` serves it.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from advisor.charts.titles import spot_title
from advisor.framework.advice import advise
from advisor.framework.scenario import ExpansionPath, Fact, Scenario

HARD = ExpansionPath(different_decision_maker=Fact.YES, different_department=Fact.YES, different_use_case=Fact.YES)

PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>floor</title><link rel=icon href="data:,">
<input type=range id=slider min=0 max=100 step=0.5 value=50>
<svg id=chart width=800 height=380><rect width=800 height=380 fill="#dce8f3"/><circle id=mark r=8 cx=400 cy=190 /></svg>
<p id=title></p><p id=reason></p><ul id=flips></ul>
<script>
const slider = document.getElementById("slider"), mark = document.getElementById("mark");
let busy = false, wanted = null;
const acvOf = (place) => 500 * 4000 ** (place / 100);
async function send() {
  if (busy || wanted === null) return;
  busy = true;
  const acv = wanted; wanted = null;
  const said = await (await fetch("/answer?acv=" + acv, { method: "POST" })).json();
  document.getElementById("reason").textContent = said.reason;
  document.getElementById("flips").innerHTML = said.flips.map((line) => "<li>" + line + "</li>").join("");
  const title = document.getElementById("title");
  title.textContent = said.title; title.dataset.acv = said.acv;
  busy = false; send();
}
slider.addEventListener("input", () => {
  wanted = acvOf(Number(slider.value));
  mark.setAttribute("cy", 380 - 380 * Math.min(Math.max(Math.log(wanted / 1000) / Math.log(150), 0), 1));
  send();
});
</script>"""

database = sqlite3.connect(sys.argv[2], isolation_level=None)
database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE answer (acv REAL); INSERT INTO answer VALUES (0);")

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    if scope["type"] != "http":
        raise ValueError("Only http is served here.")
    if scope["path"] == "/":
        body, kind = PAGE.encode(), b"text/html"
    else:
        acv = float(parse_qs(scope["query_string"].decode())["acv"][0])
        database.execute("UPDATE answer SET acv = ?", [acv])
        advice = advise(
            Scenario(segment="Enterprise", acv=acv, motion=50.0, potential_acv=1_000_000.0, years_to_potential=4.0, expansion_paths=(HARD,))
        )
        said = {"acv": acv, "reason": advice.reason, "flips": advice.flip_sentences, "title": spot_title("Enterprise", advice)}
        body, kind = json.dumps(said).encode(), b"application/json"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]), log_level="warning")
