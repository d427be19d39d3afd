/** Errors of the network, and PostgreSQL's classes 08 (connection), 3D (no such database), 53 (resources), 57P (operator), appendix A of its manual. */
const OUTAGE_CODE = /^(?:ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|08|3D|53|57P)/;
/** The driver's words for a connection that broke, and TypeORM's (1.1) when that was in the middle of a transaction: the runner is released then. */
const OUTAGE_MESSAGE = /Connection terminated|has encountered a connection error|Query runner already released|timeout exceeded when trying to connect|Driver not Connected|Cannot use a pool after calling end/;

/** Whether an error means that the database is away for now, as opposed to a bug in what we asked it. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && OUTAGE_CODE.test(code)) || OUTAGE_MESSAGE.test(error.message);
}
