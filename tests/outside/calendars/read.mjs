// Reads a calendar from a file and prints what ical.js sees in it, a line of JSON for each thing.
import { readFile } from "node:fs/promises";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(await readFile(process.argv[2], "utf8")));
for (const each of calendar.getAllSubcomponents()) {
  const text = (name) => each.getFirstPropertyValue(name)?.toString() ?? null;
  console.log(JSON.stringify({ kind: each.name, uid: text("uid"), summary: text("summary"), status: text("status"),
    start: text("dtstart"), end: text("dtend"), due: text("due"), rule: text("rrule") }));
}
