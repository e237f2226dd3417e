export { isDatabaseAway } from './database-away.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres, temporaryDirectory } from './embedded.ts';
export { column, type GroupCommit, groupCommit } from './group-commit.ts';
export { MigrationError, type Migrations, migrate } from './migrate.ts';
export { openStore, type Queryable, type Statement, type Store } from './store.ts';
export { openTestStore } from './test-store.ts';
