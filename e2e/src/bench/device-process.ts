import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { DeviceAnswer, DeviceMethods } from './bench-device.js';

export interface Timed<Result> {
  result: Result;
  durationMs: number;
}

/** The parent's end of one bench device. One call at a time. */
export class DeviceProcess {
  readonly #child: ChildProcess = fork(new URL('./bench-device.js', import.meta.url), { execArgv: ['--conditions=paloma-device'] });

  async call<Method extends keyof DeviceMethods>(method: Method, ...parameters: Parameters<DeviceMethods[Method]>): Promise<Timed<Awaited<ReturnType<DeviceMethods[Method]>>>> {
    this.#child.send({ method, parameters });
    const [answer] = await once(this.#child, 'message') as [DeviceAnswer];
    if ('error' in answer) throw new Error(answer.error);
    return answer as Timed<Awaited<ReturnType<DeviceMethods[Method]>>>;
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }
}
