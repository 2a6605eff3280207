import { serve, settled } from "./window.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Changes } from "../../static/main/js/changes.js";
import { Character } from "../../static/main/js/character.js";

const FULL = {
  id: "1",
  version: 3,
  fields: { name: "Owl", hunger: 2, strength: 3, merits: {} },
  rights: { edit: true },
  owner: { id: "mira" },
};
const TRAITS = [{ slug: "hunger", fields: [{ path: "hunger", min: 0, max: 5 }] }];

/** A sheet whose server does what it is asked, one version a batch; `answer` may do otherwise. */
function sheet({ answer = null, left = [], ask = async () => new Set() } = {}) {
  const character = new Character(structuredClone(FULL), { traits: TRAITS }, "mira");
  const saved = [];
  const drawer = { save: (content) => saved.push(structuredClone(content)), takeOver: async () => left };
  const changes = new Changes(character, drawer, ask);
  character.changes = changes;
  let version = FULL.version;
  const requests = serve((method, url, body, headers) => answer?.(requests.length, body, headers) ?? [200, done(body)]);
  const done = ({ changes: asked }) => {
    const changed = Object.fromEntries(asked.map(({ path, op, value }) => [op === "add" ? `${path}.real` : path, [null, value]]));
    const fields = { ...character.fields, ...Object.fromEntries(asked.map(({ path, value }) => [path, value])) };
    return { event: { changes: changed, notices: [] }, character: { ...FULL, version: ++version, fields } };
  };
  return { character, changes, requests, saved };
}

async function wait(milliseconds) {
  mock.timers.tick(milliseconds);
  await settled();
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a change shows at once, and leaves as one batch with what followed it", async () => {
  const { character, changes, requests } = sheet();
  character.edit({ path: "hunger", op: "adjust", value: 1 });
  character.edit({ path: "hunger", op: "adjust", value: 1 });
  character.edit({ path: "strength", op: "set", value: 4 });
  assert.equal(character.value("hunger"), 4);
  assert.equal(requests.length, 0);
  await wait(200);
  assert.deepEqual(requests[0].body.changes, [{ path: "hunger", op: "adjust", value: 2 }, { path: "strength", op: "set", value: 4 }]);
  assert.equal(requests[0].body.base_version, 3);
  assert.equal(changes.waiting().length, 0);
  assert.equal(changes.state, "saved");
});

test("what the server never answered goes out again under the same key", async () => {
  const lost = (number) => {
    if (number === 1) throw new TypeError("Failed to fetch");
  };
  const { character, changes, requests, saved } = sheet({ answer: lost });
  const told = character.edit({ path: "hunger", op: "set", value: 5 });
  await wait(200);
  assert.equal(changes.state, "offline");
  assert.equal(saved.at(-1).flight.changes[0].value, 5, "it outlives the tab");
  await wait(30_000);
  const [first, second] = requests.map(({ headers }) => headers["Idempotency-Key"]);
  assert.equal(first, second);
  assert.ok(await told);
  assert.equal(saved.at(-1), null);
});

test("news about another trait moves a draft along, news about its own does not", () => {
  const { character, changes } = sheet();
  changes.begin("hunger");
  character.receive({ version: 4, fields: { strength: 5 } });
  character.receive({ version: 5, fields: { hunger: 1 } });
  character.receive({ version: 6, fields: { strength: 4 } });
  character.edit({ path: "hunger", op: "set", value: 3 });
  assert.equal(changes.waiting()[0].seen, 4);
  assert.equal(character.value("hunger"), 3, "the own value is shown until the server decides");
});

test("where two set the same, a person chooses, and only what they keep is sent again", async () => {
  const conflicts = [{ path: "hunger", version: 7, theirs: 1, yours: 4 }];
  const refuse = (number) => (number === 1 ? [409, { code: "conflict", detail: "Changed", conflicts }] : undefined);
  const { character, requests } = sheet({ answer: refuse, ask: async () => new Set(["hunger"]) });
  character.edit({ path: "hunger", op: "set", value: 4 });
  await wait(200);
  await wait(200);
  assert.deepEqual(requests.map(({ body }) => body.base_version), [3, 7]);
  assert.equal(character.value("hunger"), 4);
});

test("what is refused is dropped alone; the rest of its batch is sent", async () => {
  const refuse = (number) => (number === 1 ? [400, { code: "invalid", detail: "No.", fields: { hunger: ["Too much."] } }] : undefined);
  const { character, requests } = sheet({ answer: refuse });
  const dropped = character.edit({ path: "hunger", op: "set", value: 99 });
  character.edit({ path: "strength", op: "set", value: 4 });
  await wait(200);
  assert.equal(await dropped, null);
  assert.equal(character.value("hunger"), 2);
  await wait(200);
  assert.deepEqual(requests[1].body.changes, [{ path: "strength", op: "set", value: 4 }]);
});

test("an entry is changed under the name that the server gave it meanwhile", async () => {
  const { character, requests } = sheet();
  character.edit({ path: "merits", op: "add", value: { name: "Bond" } });
  const temporary = Object.keys(character.value("merits"))[0];
  await wait(200);
  character.edit({ path: `merits.${temporary}.name`, op: "set", value: "Bond of blood" });
  await wait(200);
  assert.equal(requests[1].body.changes[0].path, "merits.real.name");
});

test("an entry that is taken away before it was sent never was", async () => {
  const { character, requests } = sheet();
  character.edit({ path: "merits", op: "add", value: { name: "Bond" } });
  character.edit({ path: `merits.${Object.keys(character.value("merits"))[0]}`, op: "remove" });
  await wait(200);
  assert.equal(requests.length, 0);
  assert.deepEqual(character.value("merits"), {});
});

test("a tab that is gone leaves its changes to the next one, with their key", async () => {
  const change = { path: "hunger", op: "set", value: 4, seen: 3, stuck: false, actingFor: null };
  const { changes, requests } = sheet({ left: [{ flight: { key: "kept", changes: [change], base: 3 }, queue: [] }] });
  await changes.restore();
  await wait(0);
  assert.equal(requests[0].headers["Idempotency-Key"], "kept");
});

test("signed out: everything is kept, and the page is told why", async () => {
  const { character, changes, saved } = sheet({ answer: () => [401, { code: "not_signed_in", detail: "Sign in." }] });
  const states = [];
  changes.addEventListener("state", ({ detail }) => states.push([detail.state, detail.error?.code]));
  character.edit({ path: "hunger", op: "set", value: 5 });
  await wait(200);
  assert.deepEqual(states.at(-1), ["failed", "not_signed_in"]);
  assert.equal(saved.at(-1).flight.changes.length, 1);
});
