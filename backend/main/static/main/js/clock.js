// A worker that ticks. Browsers let the timers of a hidden tab run once a minute, which is too seldom for a heartbeat.

let timer = 0;

onmessage = ({ data: pause }) => {
  clearInterval(timer);
  timer = pause ? setInterval(() => postMessage(null), pause) : 0;
};
