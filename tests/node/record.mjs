// Stands between a client and a server on standard input and output, and keeps all bytes of a run:
//   node record.mjs FOLDER NAME COMMAND ARG…
// A run writes FOLDER/TIME-NAME-PID.client and .server, what each of them said.
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';

const [folder, name, command, ...args] = process.argv.slice(2);
const file = `${folder}/${Date.now()}-${name}-${process.pid}`;
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });

function copy(from, to, suffix) {
  const kept = openSync(`${file}.${suffix}`, 'a');
  from.on('data', (bytes) => {
    writeSync(kept, bytes);
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
  from.on('end', () => to.end());
  // Whoever went away shows by its exit or its end.
  to.on('error', () => {});
}

copy(process.stdin, child.stdin, 'client');
copy(child.stdout, process.stdout, 'server');
process.on('SIGTERM', () => child.kill('SIGTERM'));
// Pipes are written at once on Linux: what came is out.
child.on('close', (code) => process.exit(code ?? 1));
child.on('error', () => process.exit(127));
