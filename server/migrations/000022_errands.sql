-- All that goes outside is done by one consumer and one kind of job. Withdrawals had their own: the consumer goes on where it
-- stands, and jobs that wait (or whose process is gone: this runs before any other begins) are added again, with their turns.
update consumers set name = 'errands' where name = 'withdrawals';

do $$
begin
  -- The scheduler makes its tables when a server starts for the first time.
  if to_regclass('graphile_worker._private_jobs') is null then return; end if;
  create temporary table old_jobs on commit drop as
  select j.key, j.payload, j.priority, j.run_at from graphile_worker._private_jobs j
  join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier ~ '^withdraw(:[0-9]+)?$' and j.key is not null;

  delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t
  where t.id = j.task_id and t.identifier ~ '^(withdraw(:[0-9]+)?|requeue_withdrawals)$';

  perform graphile_worker.add_job('errand', job_key := o.key, max_attempts := 10000, priority := o.priority,
    payload := json_build_object(
      'errand', 'withdraw', 'order_id', o.payload ->> 'order_id', 'user_id', o.payload ->> 'user_id',
      'started_at', o.payload ->> 'requested_at',
      'data', json_build_object('asset', o.payload ->> 'asset', 'amount', o.payload ->> 'amount')))
  from (select * from old_jobs order by priority, run_at) as o;
end
$$;
