/** Between two looks. */
const POLL_MS = 20;

/** Waits for a state that nothing announces: what the control API says of an account, what a program wrote. The test's own time limit ends it. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
}
