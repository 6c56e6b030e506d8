//! What the stores have in common: one implementation, expanded for each database, whose types sqlx does not unify.

/// Implements [`Inbox`](crate::Inbox), [`Store`](crate::Store) and [`StoreTransaction`](crate::StoreTransaction).
///
/// `$store` has the fields `pool`, `queries` and `prefix`. `$methods` are further methods of its `Store`.
macro_rules! sql_store {
    ($store:ident, $database:ty, { $($methods:tt)* }) => {
        impl Inbox for $store {
            type Error = sqlx::Error;

            async fn claim(&self, event: &VerifiedEvent) -> Result<Claim, sqlx::Error> {
                let lease = to_ms(Self::LEASE);
                // `fetch_all` waits for the commit. `fetch_optional` returns after the first row.
                let claim = match StoredEvent::of(event) {
                    Some(event) => sqlx::query_scalar(self.queries.claim.clone())
                        .bind(event.id)
                        .bind(event.event_type)
                        .bind(event.session_id)
                        .bind(event.source)
                        .bind(event.body)
                        .bind(lease),
                    None => sqlx::query_scalar(self.queries.claim_checkout.clone())
                        .bind(event.id().to_owned())
                        .bind(lease),
                };
                if let Some(token) = claim.fetch_all(&self.pool).await?.pop() {
                    return Ok(Claim::Acquired(ClaimToken::new(event.id(), token)));
                }
                let state: Option<(Option<i64>, i64)> = sqlx::query_as(self.queries.state.clone())
                    .bind(event.id())
                    .fetch_optional(&self.pool)
                    .await?;
                Ok(match state {
                    Some((Some(_), _)) => Claim::Handled,
                    // The other claim has ended meanwhile: the next delivery can claim the event.
                    None => Claim::InProgress { retry_after: Duration::ZERO },
                    Some((None, rest)) => Claim::InProgress { retry_after: from_ms(rest) },
                })
            }

            async fn renew(&self, claim: &ClaimToken) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(self.queries.renew.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token)
                    .bind(to_ms(Self::LEASE));
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            async fn complete(&self, claim: &ClaimToken) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(self.queries.complete.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token);
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            async fn release(&self, claim: &ClaimToken) -> Result<(), sqlx::Error> {
                let query = sqlx::query(self.queries.release.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token);
                query.execute(&self.pool).await?;
                Ok(())
            }
        }

        impl $crate::store::store_trait::Store for $store {
            async fn keep(&self, event: &StoredEvent, due_in: Duration) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(self.queries.keep.clone())
                    .bind(&event.id)
                    .bind(&event.event_type)
                    .bind(&event.session_id)
                    .bind(&event.source)
                    .bind(&event.headers)
                    .bind(&event.body)
                    .bind(to_ms(due_in));
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            async fn due(&self) -> Result<Option<DueEvent>, sqlx::Error> {
                let row = sqlx::query(self.queries.due.clone())
                    .bind(to_ms(Self::LEASE))
                    .fetch_all(&self.pool)
                    .await?
                    .pop();
                let Some(row) = row else { return Ok(None) };
                let id: String = row.try_get(0)?;
                Ok(Some(DueEvent {
                    claim: ClaimToken::new(&*id, row.try_get(6)?),
                    attempts: saturating_u32(row.try_get(7)?),
                    event: StoredEvent {
                        id,
                        event_type: row.try_get(1)?,
                        session_id: row.try_get(2)?,
                        source: row.try_get(3)?,
                        headers: row.try_get(4)?,
                        body: row.try_get(5)?,
                    },
                }))
            }

            async fn fail(
                &self,
                claim: &ClaimToken,
                reason: &str,
                retry_in: impl Fn(u32) -> Option<Duration> + Send + Sync,
            ) -> Result<bool, sqlx::Error> {
                let attempts: Option<i64> = sqlx::query_scalar(self.queries.attempts.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token)
                    .fetch_optional(&self.pool)
                    .await?;
                let Some(attempts) = attempts else { return Ok(false) };
                let query = sqlx::query(self.queries.fail.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token)
                    .bind(reason)
                    .bind(retry_in(saturating_u32(attempts)).map(to_ms));
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            async fn postpone(&self, claim: &ClaimToken, due_in: Duration) -> Result<(), sqlx::Error> {
                let query = sqlx::query(self.queries.postpone.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token)
                    .bind(to_ms(due_in));
                query.execute(&self.pool).await?;
                Ok(())
            }

            async fn failed(&self, limit: u32) -> Result<Vec<FailedEvent>, sqlx::Error> {
                let rows = sqlx::query(self.queries.failed.clone())
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        Ok(FailedEvent {
                            id: row.try_get(0)?,
                            event_type: row.try_get(1)?,
                            session_id: row.try_get(2)?,
                            attempts: saturating_u32(row.try_get(3)?),
                            reason: row.try_get(4)?,
                            received_at: from_unix_ms(row.try_get(5)?),
                            failed_at: from_unix_ms(row.try_get(6)?),
                            due_at: row.try_get::<Option<i64>, _>(7)?.map(from_unix_ms),
                        })
                    })
                    .collect()
            }

            async fn replay(&self, event_id: &str) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(self.queries.replay.clone()).bind(event_id);
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }

            async fn purge(
                &self,
                bodies_after: Duration,
                rows_after: Duration,
            ) -> Result<u64, sqlx::Error> {
                let mut purged = 0;
                for (query, age) in [
                    (&self.queries.purge_bodies, bodies_after),
                    (&self.queries.purge_events, rows_after),
                    (&self.queries.purge_keys, rows_after),
                    (&self.queries.purge_sessions, rows_after),
                ] {
                    // In small statements, so that claims do not wait for long.
                    loop {
                        let query = sqlx::query(query.clone()).bind(to_ms(age));
                        let rows = query.execute(&self.pool).await?.rows_affected();
                        purged += rows;
                        if rows == 0 {
                            break;
                        }
                    }
                }
                Ok(purged)
            }

            async fn has_checkout(
                &self,
                session_id: &str,
                claim_id: &str,
            ) -> Result<bool, sqlx::Error> {
                let row = sqlx::query(self.queries.has_checkout.clone())
                    .bind(session_id)
                    .bind(claim_id)
                    .fetch_optional(&self.pool)
                    .await?;
                Ok(row.is_some())
            }

            async fn insert_reference(
                &self,
                reference: &str,
                session_id: &str,
            ) -> Result<(), sqlx::Error> {
                let query = sqlx::query(self.queries.insert_session.clone())
                    .bind(reference)
                    .bind(session_id);
                query.execute(&self.pool).await?;
                Ok(())
            }

            async fn session_id(&self, reference: &str) -> Result<Option<String>, sqlx::Error> {
                sqlx::query_scalar(self.queries.session.clone())
                    .bind(reference)
                    .fetch_optional(&self.pool)
                    .await
            }

            async fn created_at(&self) -> Result<SystemTime, sqlx::Error> {
                self.time_setting(CREATED_AT).await
            }

            async fn reconciled_at(&self) -> Result<SystemTime, sqlx::Error> {
                self.time_setting(RECONCILED_AT).await
            }

            async fn set_reconciled_at(&self, time: SystemTime) -> Result<(), sqlx::Error> {
                let query = sqlx::query(self.queries.raise_setting.clone())
                    .bind(RECONCILED_AT)
                    .bind(to_unix_ms(time));
                query.execute(&self.pool).await?;
                Ok(())
            }

            async fn status(&self) -> Result<StoreStatus, sqlx::Error> {
                let (waiting, oldest, now): (i64, Option<i64>, i64) =
                    sqlx::query_as(self.queries.waiting.clone())
                        .fetch_one(&self.pool)
                        .await?;
                let dead: i64 = sqlx::query_scalar(self.queries.dead.clone())
                    .fetch_one(&self.pool)
                    .await?;
                Ok(StoreStatus {
                    waiting: waiting.unsigned_abs(),
                    oldest_waiting: oldest.map(|oldest| from_ms(now - oldest)),
                    dead: dead.unsigned_abs(),
                })
            }

            $($methods)*
        }

        impl $crate::store::transaction::StoreTransaction for sqlx::Transaction<'_, $database> {
            type Store = $store;

            async fn complete(
                &mut self,
                store: &$store,
                claim: &ClaimToken,
            ) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(store.queries.complete.clone())
                    .bind(&claim.event_id)
                    .bind(claim.token);
                Ok(query.execute(&mut **self).await?.rows_affected() == 1)
            }

            async fn insert_key(&mut self, store: &$store, key: &str) -> Result<bool, sqlx::Error> {
                let query = sqlx::query(store.queries.insert_key.clone()).bind(key);
                Ok(query.execute(&mut **self).await?.rows_affected() == 1)
            }
        }

        impl $store {
            async fn time_setting(&self, name: &'static str) -> Result<SystemTime, sqlx::Error> {
                let time: i64 = sqlx::query_scalar(self.queries.setting.clone())
                    .bind(name)
                    .fetch_one(&self.pool)
                    .await?;
                Ok(from_unix_ms(time))
            }

            /// Creates the tables and settings, unless they exist in this version.
            async fn migrate_with(
                &self,
                connection: &mut <$database as sqlx::Database>::Connection,
                dialect: &Dialect,
            ) -> Result<(), sqlx::Error> {
                // `CREATE INDEX IF NOT EXISTS` locks a table of PostgreSQL even if the index exists. While other replicas
                // handle events, it would wait for their transactions, and make later ones wait.
                let is_migrated: bool = sqlx::query_scalar(self.queries.is_migrated.clone())
                    .fetch_one(&mut *connection)
                    .await?;
                let version: Option<i64> = if is_migrated {
                    sqlx::query_scalar(self.queries.setting.clone())
                        .bind(VERSION)
                        .fetch_optional(&mut *connection)
                        .await?
                } else {
                    None
                };
                match version {
                    Some(SCHEMA_VERSION) => return Ok(()),
                    Some(version) if version > SCHEMA_VERSION => {
                        return Err(sqlx::Error::Configuration(
                            format!(
                                "the tables have version {version}, but this version of kelviq-axum supports only version \
                                 {SCHEMA_VERSION}; update the application"
                            )
                            .into(),
                        ));
                    }
                    _ => {}
                }
                for statement in migration::statements(dialect, &self.prefix) {
                    sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await?;
                }
                sqlx::query(self.queries.init_settings.clone())
                    .bind(SCHEMA_VERSION)
                    .execute(connection)
                    .await?;
                Ok(())
            }
        }

        impl std::fmt::Debug for $store {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($store)).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use sql_store;

/// Name of the setting with the version of the tables.
pub(super) const VERSION: &str = "version";
/// Name of the setting with the time at which the store was created.
pub(super) const CREATED_AT: &str = "created_at";
/// Name of the setting with the start of the last completed reconciliation.
pub(super) const RECONCILED_AT: &str = "reconciled_at";

pub(super) fn saturating_u32(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
