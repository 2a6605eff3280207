// Node's `ws`: what is posted goes to every socket, and so does what Redis says on the channel.
// node broadcast.mjs <port> <folder with node_modules> <port of Redis> <channel>
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { connect } from 'node:net'

const [port, folder, redisPort, channel] = process.argv.slice(2)
const { WebSocketServer } = createRequire(`${folder}/`)('ws')

const broadcast = frame => {
  for (const socket of sockets.clients) socket.send(frame, { binary: false })
}

const server = createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    broadcast(Buffer.concat(parts))
    response.end('{}')
  })
})
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

// Of Redis' protocol only what a subscriber needs: `*3`, then three texts, the last of which is the message.
let unread = Buffer.alloc(0)
const redis = connect(Number(redisPort), '127.0.0.1', () => redis.write(`SUBSCRIBE ${channel}\r\n`))
redis.setNoDelay(true)
redis.on('data', data => {
  unread = unread.length ? Buffer.concat([unread, data]) : data
  for (let message = take(); message; message = take()) if (message.kind === 'message') broadcast(message.body)
})

function take () {
  let at = unread.indexOf('\r\n') + 2
  const texts = []
  while (at > 1 && texts.length < 3) {
    const end = unread.indexOf('\r\n', at)
    if (end < 0) return null
    if (unread[at] === 58) { // `:1`, the number of subscriptions
      texts.push(null)
      at = end + 2
      continue
    }
    const size = Number(unread.subarray(at + 1, end))
    if (unread.length < end + 2 + size + 2) return null
    texts.push(unread.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  if (texts.length < 3) return null
  unread = unread.subarray(at)
  return { kind: texts[0].toString(), body: texts[2] }
}

server.listen(Number(port), '127.0.0.1', 2048)
