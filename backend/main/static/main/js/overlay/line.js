// The connection: opens again whenever it ends, and ends one that fell silent.

import { pause } from "./matching.js";

const SILENCE = 45_000;
// The address is worth nothing any more.
export const REVOKED = 4404;

/**
 * @param {string} address
 * @param {(frame: any) => void} heard
 * @param {() => void} revoked
 */
export function listen(address, heard, revoked) {
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout>} */
  let silence;

  function open() {
    const socket = new WebSocket(address);
    const wait = () => {
      clearTimeout(silence);
      silence = setTimeout(() => socket.close(), SILENCE);
    };
    wait();
    socket.addEventListener("message", ({ data }) => {
      failures = 0;
      wait();
      heard(JSON.parse(data));
    });
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(silence);
      if (code === REVOKED) revoked();
      else setTimeout(open, pause(failures++, Math.random()));
    });
  }
  open();
}
