import "./window.js";
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Gateway } from "../../static/main/js/gateway.js";

const sockets = [];

class Socket {
  static OPEN = 1;
  readyState = 1;
  sent = [];

  constructor() {
    sockets.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }

  says(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

globalThis.WebSocket = Socket;
globalThis.Worker = class {
  postMessage() {}
};

beforeEach(() => {
  sockets.length = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const HELLO = { type: "hello", heartbeat_interval: 30, session: "s", user: { id: "mira" }, protocol: 1 };
const update = (seq) => ({ type: "update", stream: "character:1", seq, id: "1", version: seq, fields: {} });

function connected() {
  const gateway = new Gateway("ws://sheet.test/");
  const heard = [];
  for (const kind of ["update", "state", "signed-out"]) gateway.addEventListener(kind, (event) => heard.push([kind, event.detail?.seq ?? event.detail]));
  gateway.subscribe("character:1", 5);
  gateway.start();
  sockets[0].says(HELLO);
  return { gateway, heard, socket: sockets[0] };
}

test("streams are asked for from where the page stands, as soon as the server has said hello", () => {
  const { socket, heard } = connected();
  assert.deepEqual(socket.sent[0], { type: "subscribe", stream: "character:1", since: 5 });
  assert.deepEqual(heard, [["state", "waiting"], ["state", "live"]]);
});

test("the same news is told once, old news never", () => {
  const { socket, heard } = connected();
  for (const seq of [5, 6, 6, 7, 6]) socket.says(update(seq));
  assert.deepEqual(heard.filter(([kind]) => kind === "update").map(([, seq]) => seq), [6, 7]);
});

test("a line that broke comes back, and asks for what it missed", () => {
  const { socket } = connected();
  socket.says(update(6));
  socket.close();
  mock.timers.tick(2000);
  sockets[1].says(HELLO);
  assert.deepEqual(sockets[1].sent[0], { type: "subscribe", stream: "character:1", since: 6 });
});

test("a gateway that is gone is tried later each time, and not by all pages at once", () => {
  for (const [luck, share] of [[0, 0.5], [0.999, 1.499]]) {
    sockets.length = 0;
    const random = mock.method(Math, "random", () => luck);
    connected();
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      const before = sockets.length;
      sockets.at(-1).close();
      mock.timers.tick(Math.floor(seconds * 1000 * share) - 1);
      assert.equal(sockets.length, before);
      mock.timers.tick(2);
      assert.equal(sockets.length, before + 1);
    }
    random.mock.restore();
  }
});

test("where the session ended, or is another's, nothing is tried again", () => {
  for (const end of [(socket) => socket.close(4001), (socket) => socket.says({ ...HELLO, user: { id: "jonas" } })]) {
    sockets.length = 0;
    const { heard, socket } = connected();
    end(socket);
    mock.timers.tick(60_000);
    assert.equal(sockets.length, 1);
    assert.ok(heard.some(([kind]) => kind === "signed-out"));
  }
});
