/** Processor time of this process so far, ms: what a test that bounds work measures by, since a clock also counts what others do meanwhile. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
