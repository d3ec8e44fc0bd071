-- name: find_member_limit
-- The limit of a member: his own before that of every member.
SELECT included, per FROM member_limit
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name
  AND member_id IN (:member_id, '')
ORDER BY member_id DESC LIMIT 1;

-- name: keep_member_limit
-- A member, or every member, has this limit from now on.
INSERT INTO member_limit (account, livemode, entity_id, name, member_id, included, per)
VALUES (:account, :livemode, :entity_id, :name, :member_id, :included, :per)
ON CONFLICT (account, livemode, entity_id, name, member_id)
DO UPDATE SET included = excluded.included, per = excluded.per;

-- name: drop_member_limit
-- A member, or every member, has no such limit any more.
DELETE FROM member_limit
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id AND name = :name AND member_id = :member_id;

-- name: member_limits
-- The limits of an entity's members; that of every member comes first.
SELECT name, member_id, included, per FROM member_limit
WHERE account = :account AND livemode = :livemode AND entity_id = :entity_id
ORDER BY name, member_id;
