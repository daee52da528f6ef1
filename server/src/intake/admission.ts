/**
 * How many commands of one user may be under way at once: an eighth of a default queue. One user's flood must not take
 * everybody's places.
 */
const IN_FLIGHT_PER_USER_MAX = 2_500;

/** Counts what is under way, by user. */
export interface Admission {
  /** False where the user has too much under way. */
  enter(userId: string): boolean;
  leave(userId: string): void;
}

export function createAdmission(perUserMax: number = IN_FLIGHT_PER_USER_MAX): Admission {
  const counts = new Map<string, number>();
  return {
    enter(userId) {
      const count = counts.get(userId) ?? 0;
      if (count >= perUserMax) return false;
      counts.set(userId, count + 1);
      return true;
    },
    leave(userId) {
      const count = counts.get(userId) ?? 0;
      if (count <= 1) counts.delete(userId);
      else counts.set(userId, count - 1);
    },
  };
}
