/**
 * The shard of whatever a command is about, by the last eight digits of its id (public or bare): the same user's commands
 * always meet the same shard, so that they are decided in the order in which they came.
 */
export function shardOf(subject: string, shardCount: number): number {
  return shardCount === 1 ? 0 : Number.parseInt(subject.slice(-8), 16) % shardCount;
}
