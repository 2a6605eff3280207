// Node's `ws`: what is posted goes to every socket.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const { WebSocketServer } = createRequire(`${process.argv[3]}/`)('ws')
const server = createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', () => {
    const frame = Buffer.concat(parts)
    for (const socket of sockets.clients) socket.send(frame, { binary: false })
    response.end('{}')
  })
})
const sockets = new WebSocketServer({ server, perMessageDeflate: false })
server.listen(Number(process.argv[2]), '127.0.0.1', 2048)
