/** The wheel above the water, and the name. */
export function Brand() {
  return (
    <>
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#0e7478" />
        <circle cx="16" cy="15" r="7.5" fill="none" stroke="#fff" strokeWidth="2.4" />
        <path d="M16 5.5v19M6.5 15h19" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
        <path
          d="M4 27c2.4 0 2.4-1.6 4.8-1.6S11.2 27 13.6 27s2.4-1.6 4.8-1.6S20.8 27 23.2 27s2.4-1.6 4.8-1.6"
          fill="none"
          stroke="#9fdadb"
          strokeWidth="2"
          strokeLinecap="round"
        />
      </svg>
      <span>Millrace</span>
    </>
  );
}
