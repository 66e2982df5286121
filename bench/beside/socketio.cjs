// The ordinary Socket.IO way: a room and an emit; answers in SQLite by group commit, acknowledged after it.
const { mkdtempSync } = require('node:fs');
const { createServer } = require('node:http');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { DatabaseSync } = require('node:sqlite');
const { Server } = require('socket.io');

const db = new DatabaseSync(join(mkdtempSync(join(tmpdir(), 'answers-')), 'answers.db'));
db.exec('pragma journal_mode=wal; pragma synchronous=full; create table answer (body text)');
const insert = db.prepare('insert into answer values (?)');
let waiting = [];

function commit() {
  const batch = waiting;
  waiting = [];
  db.exec('begin');
  for (const [body] of batch) insert.run(body);
  db.exec('commit');
  for (const [, done] of batch) done();
}

function keep(body, done) {
  if (waiting.push([body, done]) === 1) setImmediate(commit);
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.join('lesson');
  socket.on('pub', (event) => io.to('lesson').emit('ev', event));
  socket.on('ans', (answer) => keep(JSON.stringify(answer), () => socket.emit('ack', { id: answer.id })));
});
http.listen(Number(process.argv[2]), '127.0.0.1', 4096);
