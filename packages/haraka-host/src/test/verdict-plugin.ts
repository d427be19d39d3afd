/**
 * The text of a plugin that stands on every hook, writes down in `server.heard` that it was called, and says what
 * `config/verdicts.json` has for the hook: `[code name, message]`, or nothing. What the file has under the port of the peer goes
 * before.
 */
export const VERDICT_PLUGIN = `
const HOOKS = ['init_master', 'connect_init', 'lookup_rdns', 'connect', 'helo', 'ehlo', 'capabilities', 'unrecognized_command', 'noop', 'vrfy',
  'rset', 'mail', 'rcpt', 'rcpt_ok', 'data', 'max_data_exceeded', 'data_post', 'queue', 'queue_outbound', 'queue_ok', 'deny', 'quit',
  'reset_transaction', 'disconnect'];
const CODES = { CONT, STOP, OK, DENY, DENYSOFT, DENYDISCONNECT, DENYSOFTDISCONNECT, DISCONNECT, DELAY, NEXT_HOOK };

exports.register = function () {
  const verdicts = this.config.get('verdicts.json');
  for (const hook of HOOKS) {
    this['on_' + hook] = (next, connection) => {
      server.heard?.push(hook);
      const [name, message] = verdicts[connection.remote?.port]?.[hook] ?? verdicts[hook] ?? [];
      next(CODES[name], message);
    };
    this.register_hook(hook, 'on_' + hook);
  }
};
`;
