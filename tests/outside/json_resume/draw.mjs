// Reads a résumé from a file, has the published validator judge it, and prints what a theme makes of it.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { render } from "jsonresume-theme-even";

const validate = createRequire(import.meta.url)("@jsonresume/schema").validate;
const resume = JSON.parse(await readFile(process.argv[2], "utf8"));
validate(resume, (errors) => {
  if (errors) {
    console.error(JSON.stringify(errors));
    process.exit(1);
  }
});
process.stdout.write(render(resume));
