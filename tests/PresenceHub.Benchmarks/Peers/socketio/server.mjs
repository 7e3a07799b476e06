// A Socket.IO server with the Redis adapter: one room per watched subject, snapshots from Redis.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import jwt from "jsonwebtoken";
import { createClient } from "redis";
import { Server } from "socket.io";

const { PEER_PORT, PEER_REDIS, PEER_KEYS, PEER_ISSUER, PEER_AUDIENCE } = process.env;
const keys = new Map(
  JSON.parse(readFileSync(PEER_KEYS, "utf8")).keys.map((key) => [key.kid, createPublicKey({ key, format: "jwk" })]),
);

const publisher = createClient({ url: `redis://${PEER_REDIS}` });
const subscriber = publisher.duplicate();
const database = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect(), database.connect()]);

const keyOf = (id) => `presence:${id}`;

async function store(entries) {
  await database.mSet(entries.map((entry) => [keyOf(entry.id), JSON.stringify(entry)]));
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

const http = createServer(async (request, response) => {
  switch (`${request.method} ${request.url}`) {
    case "GET /health/ready":
      break;
    case "PUT /bench/entries":
      await store(await readBody(request));
      break;
    case "POST /bench/changes": {
      const entries = await readBody(request);
      await store(entries);
      for (const entry of entries) {
        io.to(entry.id).emit("presence", entry);
      }
      break;
    }
    default:
      // The rest belongs to Socket.IO, which listens to the same server.
      return;
  }
  response.statusCode = 200;
  response.end("0");
});

const io = new Server(http, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"] });
const verification = { algorithms: ["RS256"], issuer: PEER_ISSUER, audience: PEER_AUDIENCE };
io.use((socket, next) => {
  jwt.verify(
    socket.handshake.auth.token ?? "",
    (header, found) => found(null, keys.get(header.kid)),
    verification,
    (error) => next(error ?? undefined),
  );
});
io.on("connection", (socket) => {
  socket.on("watch", async (request, answer) => {
    await socket.join(request.ids);
    const held = await database.mGet(request.ids.map(keyOf));
    answer({ entries: held.filter((entry) => entry !== null).map((entry) => JSON.parse(entry)) });
  });
});
http.listen(Number(PEER_PORT), "127.0.0.1");
