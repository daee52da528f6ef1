/** How much a loan is trusted, from the least risk on. */
export const GRADES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;
