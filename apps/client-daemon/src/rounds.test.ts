import { expect, test } from '@jest/globals';
import { Rounds } from './rounds.js';

/** Rounds whose work ends when the test says so. */
function manualRounds(): { rounds: Rounds; begun: () => number; end: () => void } {
  const ends: (() => void)[] = [];
  let begun = 0;
  const rounds = new Rounds(() => new Promise((resolve) => {
    begun += 1;
    ends.push(resolve);
  }));
  return { rounds, begun: () => begun, end: () => ends.shift()?.() };
}

test('whoever asks while a round runs gets one more, together with all others who asked', async () => {
  const { rounds, begun, end } = manualRounds();
  const asked = [rounds.ask(), rounds.ask(), rounds.ask()];
  expect(begun()).toBe(1);
  end();
  await Promise.resolve();
  expect(begun()).toBe(2);
  end();
  await Promise.all(asked);
  expect(begun()).toBe(2);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('whoever asks %i turns after a round began is not overlooked, even as it ends', async (turns) => {
  let begun = 0;
  const rounds = new Rounds(async () => { begun += 1; });
  const first = rounds.ask();
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  await Promise.all([first, rounds.ask()]);
  expect(begun).toBe(2);
});

test('stopping waits for the round that runs, and none begins after it', async () => {
  const { rounds, begun, end } = manualRounds();
  void rounds.ask();
  void rounds.ask();
  const stopped = rounds.stop();
  end();
  await stopped;
  await rounds.ask();
  expect(begun()).toBe(1);
});
