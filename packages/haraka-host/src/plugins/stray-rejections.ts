// A plugin that does not wait for a promise of its own leaves its failure to nobody, and Node ends a process for that. A
// forgotten look-up must not end the mail service: with plugins in the process, such failures are reported.

type Report = (error: unknown) => void;

let report: Report | null = null;

/** Holds for the rest of the process's life, since plugins may leave something behind; the last host hears of it. */
export function watchStrayRejections(newReport: Report): void {
  if (report === null) process.on('unhandledRejection', (error) => report?.(error));
  report = newReport;
}
