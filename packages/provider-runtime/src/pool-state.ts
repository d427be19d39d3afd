import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

export interface PoolState {
  busy: number;
  idle: number;
  /** Who waits for a connection: more than none for long means that the pool is too small, or PostgreSQL too slow. */
  waiting: number;
}

/** What a data source of PostgreSQL does with its connections at this moment. */
export function poolState({ driver }: DataSource): PoolState {
  const { totalCount, idleCount, waitingCount } = (driver as PostgresDriver).master as Pool;   // `any` in TypeORM's types
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
