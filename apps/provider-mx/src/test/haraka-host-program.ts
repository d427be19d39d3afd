// Our host as a program, beside Haraka: runs the plugins of `config/plugins` below the directory it is given, with no handlers of its own.

import { startHarakaHost } from '@paloma/haraka-host';

const host = await startHarakaHost({
  directory: process.argv[2] ?? '.',
  events: { onFailure: (code, plugin, hook, error) => process.stderr.write(`${code} ${plugin} ${hook} ${String(error)}\n`) },
});
const server = host.createServer({ name: 'mx.example.org', disabledCommands: ['AUTH', 'STARTTLS'] });
server.listen(0, '127.0.0.1', () => process.stdout.write(`Listening on 127.0.0.1:${(server.server.address() as { port: number }).port}\n`));
