// JSON schema of the contract on standard input → its types, in the folder that git ignores.

import { compile } from "json-schema-to-typescript";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const FOLDER = new URL("generated/", import.meta.url);
const OPTIONS = { additionalProperties: false, bannerComment: "", format: false, unreachableDefinitions: true };

/** A title of its own would make a type of every field. */
function untitled(node) {
  if (Array.isArray(node)) return node.map(untitled);
  if (node === null || typeof node !== "object") return node;
  const { title, ...rest } = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, untitled(value)]));
  return typeof title === "string" ? rest : { ...rest, ...(title && { title }) };
}

const schema = untitled(JSON.parse(readFileSync(0, "utf8")));
mkdirSync(FOLDER, { recursive: true });
writeFileSync(new URL("contract.d.ts", FOLDER), await compile(schema, "Contract", OPTIONS));
