namespace PolicyLayer.Sqlite;

/// <summary>
/// What is in a file: counters and approvals, whichever a store needs of them. What changes here is another version of
/// <see cref="SqliteSchema"/>.
/// </summary>
internal static class SqliteTables
{
    /// <summary>
    /// Counters, by their keys; the grant is as <see cref="SqliteText"/> writes it. Triggers count what is live, in all and of a grant.
    /// </summary>
    public const string Counters =
        """
        CREATE TABLE counters (
            key TEXT NOT NULL PRIMARY KEY, grant_id TEXT, expires INTEGER NOT NULL, state BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX counters_by_expiry ON counters (expires);
        CREATE INDEX counters_by_grant ON counters (grant_id, expires) WHERE grant_id IS NOT NULL;
        CREATE TABLE holders (holder TEXT NOT NULL PRIMARY KEY, live INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE clean_up (floor INTEGER NOT NULL) STRICT;
        INSERT INTO clean_up VALUES (-9223372036854775808);
        CREATE TRIGGER counter_added AFTER INSERT ON counters BEGIN
            INSERT INTO holders VALUES ('all', 1) ON CONFLICT (holder) DO UPDATE SET live = live + 1;
            INSERT INTO holders SELECT 'grant:' || new.grant_id, 1 WHERE new.grant_id IS NOT NULL
                ON CONFLICT (holder) DO UPDATE SET live = live + 1;
        END;
        CREATE TRIGGER counter_dropped AFTER DELETE ON counters BEGIN
            UPDATE holders SET live = live - 1 WHERE holder IN ('all', 'grant:' || old.grant_id);
            DELETE FROM holders WHERE live = 0 AND holder = 'grant:' || old.grant_id;
        END;
        """;

    /// <summary>
    /// Approvals, their times in ticks of UTC; names and reasons are as <see cref="SqliteText"/> writes them. Where each stands are the
    /// numbers of <see cref="ApprovalStanding"/>. The scope is the exact binding where one is there for that alone, else empty. Contents
    /// have a table of their own, so that a use doesn't write them again: triggers erase them, and count the shares.
    /// </summary>
    public const string Approvals =
        """
        CREATE TABLE approvals (
            number INTEGER NOT NULL PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            binding TEXT NOT NULL,
            exact_binding TEXT NOT NULL,
            is_exact INTEGER NOT NULL,
            grant_id TEXT NOT NULL,
            requested INTEGER NOT NULL,
            pending_for INTEGER NOT NULL,
            standing INTEGER NOT NULL,
            has_ended INTEGER NOT NULL,
            uses INTEGER NOT NULL,
            valid_for INTEGER NOT NULL,
            uses_left INTEGER NOT NULL,
            until INTEGER NOT NULL,
            earliest INTEGER NOT NULL,
            next INTEGER NOT NULL,
            answered_by TEXT,
            answered INTEGER,
            reason TEXT,
            content_bytes INTEGER NOT NULL,
            scope TEXT NOT NULL AS (CASE WHEN is_exact = 1 AND standing <> 0 THEN exact_binding ELSE '' END) VIRTUAL
        ) STRICT;
        CREATE INDEX approvals_live ON approvals (binding, scope, standing, number) WHERE has_ended = 0;
        CREATE INDEX approvals_due ON approvals (next) WHERE has_ended = 0;
        CREATE INDEX approvals_ahead ON approvals (earliest);
        CREATE INDEX approvals_remembered ON approvals (next, number) WHERE has_ended = 1;
        CREATE INDEX approvals_remembered_of_grant ON approvals (grant_id, next, number) WHERE has_ended = 1;
        CREATE INDEX approvals_pending ON approvals (requested, id) WHERE standing = 2;
        CREATE INDEX approvals_pending_of_grant ON approvals (grant_id, requested, id) WHERE standing = 2;
        CREATE TABLE approval_contents (number INTEGER NOT NULL PRIMARY KEY, content BLOB NOT NULL) STRICT;
        CREATE TABLE approval_shares (
            holder TEXT NOT NULL PRIMARY KEY, held INTEGER NOT NULL, pending INTEGER NOT NULL, content_bytes INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER approval_added AFTER INSERT ON approvals BEGIN
            INSERT INTO approval_shares
                VALUES ('all', 1, new.standing = 2, new.content_bytes), ('grant:' || new.grant_id, 1, new.standing = 2, new.content_bytes)
                ON CONFLICT (holder) DO UPDATE SET held = held + 1, pending = pending + excluded.pending,
                    content_bytes = content_bytes + excluded.content_bytes;
        END;
        CREATE TRIGGER approval_changed AFTER UPDATE OF standing, content_bytes ON approvals
            WHEN new.standing <> old.standing OR new.content_bytes <> old.content_bytes BEGIN
            UPDATE approval_shares
                SET pending = pending + (new.standing = 2) - (old.standing = 2),
                    content_bytes = content_bytes + new.content_bytes - old.content_bytes
                WHERE holder IN ('all', 'grant:' || new.grant_id);
            DELETE FROM approval_contents WHERE number = new.number AND new.content_bytes = 0;
        END;
        CREATE TRIGGER approval_dropped AFTER DELETE ON approvals BEGIN
            UPDATE approval_shares
                SET held = held - 1, pending = pending - (old.standing = 2), content_bytes = content_bytes - old.content_bytes
                WHERE holder IN ('all', 'grant:' || old.grant_id);
            DELETE FROM approval_shares WHERE held = 0 AND holder = 'grant:' || old.grant_id;
            DELETE FROM approval_contents WHERE number = old.number;
        END;
        """;
}
